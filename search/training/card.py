"""The model card, written from the sources, the settings and the measured figures."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from search.training.sources import SOURCES

TEMPLATE = Path(__file__).with_name("card.md")


def flat(figures: Mapping[str, Any], prefix: str = "") -> dict[str, float]:
    """Return nested figures as one table.

    >>> flat({"a": 1, "b": {"c": 2}})
    {'a': 1, 'b c': 2}
    """
    found: dict[str, float] = {}
    for name, value in figures.items():
        found |= flat(value, f"{prefix}{name} ") if isinstance(value, Mapping) else {f"{prefix}{name}": value}
    return found


def render_card(settings: Mapping[str, Any], figures: Mapping[str, Any]) -> str:
    """Return the model card as Markdown; shares with three decimals, speed as a whole number."""
    rows = flat(figures).items()
    measured = [f"| {name} | {value:.3f} |" if value <= 1 else f"| {name} | {value:,.0f} |" for name, value in rows]
    texts = [f"| {source.name} | {source.licence} | {source.repeats:g} |" for source in SOURCES]
    tables = {"figures": "\n".join(measured), "texts": "\n".join(texts)}
    return TEMPLATE.read_text("utf-8").format(**settings, **tables)


def write_card(folder: Path, figures: Mapping[str, Any]) -> None:
    """Write the figures and the model card into the model's folder."""
    settings = json.loads((folder / "training.json").read_text("utf-8"))
    (folder / "figures.json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    (folder / "README.md").write_text(render_card(settings, figures), "utf-8")
