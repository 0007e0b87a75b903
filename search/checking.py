"""What ``tantu check`` checks: the ontology's own promises, and the built graph against texts and shapes."""

from collections import defaultdict
from collections.abc import Iterator

from kg.reading.folding import compact
from kg.terms import IRI
from kg.vocabulary import LANGUAGES, Vocabulary
from search.library import Library

Problems = list[str]
NIF = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#"


def checks(library: Library) -> Iterator[tuple[str, Problems]]:
    """Yield each check's name and what it found wrong, nothing where all is well."""
    yield "concepts have one preferred label in each language", list(label_problems(library.vocabulary))
    yield "no two concepts of a type share a label", list(clashes(library.vocabulary))
    yield "broader concepts exist", list(loose_ends(library.vocabulary))
    yield "every span equals its text", list(span_problems(library))
    yield "every fact names concepts of the ontology", list(unknown_concepts(library))


def label_problems(vocabulary: Vocabulary) -> Iterator[str]:
    """Yield concepts that lack a preferred label in a language, or have two."""
    for concept in vocabulary.concepts.values():
        if not any(label.role == "pref" for label in concept.labels):
            continue
        for language in LANGUAGES:
            count = sum(label.role == "pref" and label.language == language for label in concept.labels)
            if count != 1:
                yield f"{concept.iri}: {count} skos:prefLabel@{language}; write exactly one"


def clashes(vocabulary: Vocabulary) -> Iterator[str]:
    """Yield labels that two concepts of one type share: no text could tell them apart."""
    for kind in ("Metric", "Technology", "Theme", "Company", "Place", "RiskCategory", "OpportunityCategory"):
        carriers: dict[str, set[str]] = defaultdict(set)
        for concept in vocabulary.of_type(kind):
            for label in concept.labels:
                carriers[compact(label.text).text].add(concept.iri)
        for words, iris in sorted(carriers.items()):
            if len(iris) > 1:
                yield f"{words!r} is a label of {' and of '.join(sorted(iris))}; keep it on one of them"


def loose_ends(vocabulary: Vocabulary) -> Iterator[str]:
    """Yield concepts whose broader concept is not in the ontology."""
    for concept in vocabulary.concepts.values():
        yield from (f"{concept.iri}: broader {iri} does not exist" for iri in concept.broader if iri not in vocabulary)


def span_problems(library: Library) -> Iterator[str]:
    """Yield spans of the graph whose text is not what stands in the report at their offsets."""
    query = (
        f"SELECT ?span ?doc ?begin ?end ?text {{ ?span <{NIF}referenceContext> ?doc ; <{NIF}beginIndex> ?begin ; "
        f"<{NIF}endIndex> ?end ; <{NIF}anchorOf> ?text }}"
    )
    texts = {report.iri: report.text for report in library.reports.values()}
    for row in library.store.select(query):
        begin, end = int(str(row["begin"])), int(str(row["end"]))
        if texts.get(str(row["doc"]), "")[begin:end] != str(row["text"]):
            yield f"{row['span']}: the report has other characters there; build again"


def unknown_concepts(library: Library) -> Iterator[str]:
    """Yield facts that point at concepts which the ontology does not have."""
    for fact in library.facts():
        for name in ("company", "metric", "unit", "technology"):
            iri = getattr(fact, name, None)
            if iri and iri not in library.vocabulary:
                yield f"{fact.iri}: {name} {IRI(iri).n3} is not in the ontology"
