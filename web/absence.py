"""What was searched where nothing answers: the names of a metric, and the reports."""

from collections.abc import Mapping

from kg.model import Report
from search.answering.understanding import Understanding
from web import addresses
from web.contexts import Searched
from web.names import Names
from web.parts import Link, Phrase

SHOWN = 12  # reports that are named; of more the list of all reports is one click away


def searched(understanding: Understanding, names: Names, reports: Mapping[str, Report]) -> Searched:
    """Return the names under which the metrics of a question were looked for, and the reports of its companies."""
    labels = (label.text for metric in understanding.asked for label in metric.labels if label.role != "hidden")
    asked = {company.iri for company in understanding.companies}
    found = [report for report in reports.values() if not asked or report.company in asked]
    links = [Link(names.pick(one.title) or Phrase(one.id, "en"), addresses.reader(one.id)) for one in found[:SHOWN]]
    if len(found) > SHOWN:
        links.append(Link(Phrase(f"+ {len(found) - SHOWN:,}"), "/reports"))
    return Searched(", ".join(dict.fromkeys(labels)), tuple(links))
