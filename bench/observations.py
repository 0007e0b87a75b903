"""A made-up graph of reported figures at any size, and six queries over it, for measuring engines.

python -m bench.observations [--companies 500] > observations.nt

500 companies, 40 metrics and 10 years are 200,000 observations of five triples each: 1,002,070 triples in all.
"""

import argparse
import random
import sys
from collections.abc import Iterator

E = "http://bench/"
METRICS, YEARS, SECTORS, COUNTRIES = 40, range(2014, 2024), 10, 20
TYPE, LABEL = (
    "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>",
    "<http://www.w3.org/2000/01/rdf-schema#label>",
)
INTEGER, DECIMAL = "<http://www.w3.org/2001/XMLSchema#integer>", "<http://www.w3.org/2001/XMLSchema#decimal>"
PREFIX = f"PREFIX : <{E}> "
ONE = "?o :metric :m{metric} ; :year {year} ; :value ?value ; :company ?c ."
QUERIES = {
    "point lookup": "SELECT ?value {{ ?o :company :c{company} ; :metric :m{metric} ; :year {year} ; :value ?value }}",
    "time series, 10 rows": (
        "SELECT ?year ?value {{ ?o :company :c{company} ; :metric :m{metric} ; :year ?year ; :value ?value }} "
        "ORDER BY ?year"
    ),
    "sector average (join, group)": (
        f"SELECT ?sector (AVG(?value) AS ?mean) {{{{ {ONE} ?c :sector ?sector }}}} GROUP BY ?sector"
    ),
    "top 10 of metric and year": f"SELECT ?name ?value {{{{ {ONE} ?c {LABEL} ?name }}}} ORDER BY DESC(?value) LIMIT 10",
    "year-on-year self-join": (
        f"SELECT ?c ?value ?next {{{{ {ONE} ?p :metric :m{{metric}} ; :year {{following}} ; :company ?c ; "
        ":value ?next FILTER(?next > 1.05 * ?value) }}"
    ),
    "full scan, count by year": "SELECT ?year (COUNT(*) AS ?n) {{ ?o :year ?year }} GROUP BY ?year",
}


def queries(name: str, count: int, companies: int = 500) -> list[str]:
    """Return so many queries of a kind, each of another company, metric and year; all scans are alike."""
    chance = random.Random(name)
    found = []
    for metric in chance.sample(range(METRICS), count):
        year = chance.choice(YEARS[:-1])
        given = {"company": chance.randrange(companies), "metric": metric, "year": year, "following": year + 1}
        found.append(PREFIX + QUERIES[name].format(**given))
    return found


def triples(companies: int = 500) -> Iterator[str]:
    """Yield the graph as lines of N-Triples, always the same ones."""
    chance = random.Random(1)
    for kind, count in (("m", METRICS), ("s", SECTORS), ("l", COUNTRIES)):
        yield from (f'<{E}{kind}{n}> {LABEL} "{kind} {n}" .' for n in range(count))
    for company in range(companies):
        this = f"<{E}c{company}>"
        yield f"{this} {TYPE} <{E}Company> ."
        yield f'{this} {LABEL} "Company {company}" .'
        yield f"{this} <{E}sector> <{E}s{company % SECTORS}> ."
        yield f"{this} <{E}country> <{E}l{company % COUNTRIES}> ."
        for metric in range(METRICS):
            for year in YEARS:
                observation = f"<{E}o{company}-{metric}-{year}>"
                yield f"{observation} {TYPE} <{E}Observation> ."
                yield f"{observation} <{E}company> {this} ."
                yield f"{observation} <{E}metric> <{E}m{metric}> ."
                yield f'{observation} <{E}year> "{year}"^^{INTEGER} .'
                yield f'{observation} <{E}value> "{chance.lognormvariate(8, 0.35):.2f}"^^{DECIMAL} .'


def main() -> None:
    """Write the graph to standard output."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--companies", type=int, default=500)
    for line in triples(parser.parse_args().companies):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
