"""Places: names in three scripts, the county after its province, and none that stand in other words by chance."""

from __future__ import annotations

import pytest

from kg.extraction.initiatives.places import places_of

FOUND = [
    ("在江苏通州湾试点建设能源综合体", "江苏通州湾"),
    ("公司在廣西高新區物流倉庫中心建設電站", "廣西高新區"),
    ("广西防城港市蝴蝶岭岛开通基站", "广西防城港市蝴蝶岭岛"),
    ("北京、遼寧、青海等分公司參與綠色電力交易", "北京、遼寧、青海"),
    ("位于屏东的养殖业者", "屏东"),
    ("我們在將軍澳的數據中心", "將軍澳"),
    ("Our exchanges in Warwick and Bristol", "Warwick"),
    ("data centres in the Netherlands and Kenya", "Netherlands"),
    ("在马来西亚柔佛建设数据中心", "马来西亚柔佛"),
    ("台中市政府", "台中市"),
]
NONE = [
    "截至12月31日本公司完成改造",
    "沿海地区基站受台风影响",
    "增加纳入统计的单位",
    "国内首个亚洲象监测体系",
    "采用无锡焊料，自贡献以来",
    "充分利用自然光和日照",
    "中国移动推进绿色发展",
    "We are reading the mobile meter",
    "扩大连接规模，优化产品口径",
    "采用大理石和白银材料",
]


@pytest.mark.parametrize(("text", "place"), FOUND, ids=[place for _, place in FOUND])
def test_the_first_place_of_a_text(text, place, vocabulary):
    assert places_of(vocabulary).first(text) == place


@pytest.mark.parametrize("text", NONE)
def test_no_place_by_chance(text, vocabulary):
    assert places_of(vocabulary).first(text) is None
