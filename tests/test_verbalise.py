"""Sentences of facts: company, time, what and how much, in the reader's language."""

from __future__ import annotations

import pytest

from kg import ids
from kg.model import Initiative, Observation, Report, Risk, Span, Target, Technology
from kg.verbalise import sentence

TEXT = "综合能耗 774.8 万吨标准煤，碳价上升\n可能增加成本。"
REPORT = Report("say-2023", TEXT, "zh-Hans", f"{ids.BASE}org/china-mobile", 2023, {}, "0" * 64)
COMMON = {"iri": f"{ids.BASE}fact/say-2023-1", "report": REPORT.id, "company": REPORT.company, "quote": Span(0, 15)}
NUMBER = COMMON | {
    "metric": f"{ids.BASE}metric/energy-consumption", "metric_text": "综合能耗", "subject": "中国移动",
    "scope": "company", "value": 7748000, "unit": f"{ids.BASE}unit/tce", "unit_text": "吨标准煤",
    "as_written": "774.8 万吨标准煤", "comparator": "=", "form": "level", "direction": None, "year": 2023,
    "baseline": None,
}  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "language", "said"),
    [
        (Observation(**NUMBER), "zh-Hans", "中国移动 2023年 综合能耗：774.8 万吨标准煤"),
        (Observation(**NUMBER), "en", "China Mobile total energy consumption 2023: 7,748,000 tce"),
        (
            Target(**NUMBER | {"value": 20, "unit": f"{ids.BASE}unit/percent", "form": "change", "direction": "down",
                               "comparator": ">=", "year": 2025, "baseline": "2020"}),
            "zh-Hans",
            "中国移动 2025年 目标 综合能耗：下降 不低于 20%（较 2020年）",
        ),
        (
            Observation(**NUMBER | {"value": (2, 9), "unit": f"{ids.BASE}unit/percent", "scope": "part",
                                    "subject": "总部大楼", "year": None}),
            "en",
            "China Mobile total energy consumption: 2\u20139% (总部大楼)",
        ),
        (
            Risk(**COMMON | {"quote": Span(17, len(TEXT))}, categories=(f"{ids.BASE}code/policy-legal",), name="碳价", level="中"),
            "zh-Hans",
            "中国移动 风险（政策与法律风险）：碳价上升可能增加成本。（等级 中）",
        ),
        (
            Initiative(**COMMON, name="“机房焕新”工程", place="浙江", technologies=(f"{ids.BASE}technology/liquid-cooling",)),
            "en",
            "China Mobile initiative: “机房焕新”工程 (浙江; liquid cooling)",
        ),
        (Technology(**COMMON, name="液冷技术", technology=f"{ids.BASE}technology/liquid-cooling"), "en",
         "China Mobile technology: liquid cooling (液冷技术)"),
        (Technology(**COMMON, name="磁控旋翼制冷"), "zh-Hant", "中國移動 技術：磁控旋翼制冷"),
    ],
)  # fmt: skip
def test_a_fact_is_said_in_one_line(fact, language, said, vocabulary):
    assert sentence(fact, REPORT, vocabulary, language) == said
