"""Labels that steer reading are unambiguous: no two concepts of a type share one, in whatever script or width."""

from collections import defaultdict
from collections.abc import Iterator

from kg.checks.findings import ERROR, Finding
from kg.checks.sources import Sources
from kg.reading.folding import compact

# A label shared by two concepts of one of these types would leave the choice to chance.
LEXICA = (
    "Metric", "Unit", "Classifier", "Multiplier", "Numeral", "Denominator", "QuantityWord", "Comparator",
    "Direction", "Aggregation", "Modality", "PeriodName", "EmissionScope", "Goal", "Technology", "Theme",
    "Company", "Place", "RiskCategory", "OpportunityCategory", "RiskLevel", "Horizon",
)  # fmt: skip


def check(sources: Sources) -> Iterator[Finding]:
    """Yield labels that two concepts of one type share: no text could tell them apart."""
    for kind in LEXICA:
        carriers: dict[str, set[str]] = defaultdict(set)
        for concept in sources.vocabulary.of_type(kind):
            for label in concept.labels:
                carriers[compact(label.text).text.strip()].add(concept.iri)
        for words, iris in sorted(carriers.items()):
            first, *others = sorted(iris)
            if others:
                problem = f"{words!r} is a label of {' and of '.join(map(sources.short, others))} too"
                place, name = sources.place(first), sources.short(first)
                yield Finding("labels", ERROR, place, name, problem, f"keep it on one {kind}")
