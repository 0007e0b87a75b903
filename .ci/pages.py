"""Asks a running Tantu for its pages, its scripts and an answer: ``pages.py http://127.0.0.1:8000``."""

import json
import re
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

QUERY = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?fact a <https://w3id.org/tantu/o#Observation> } }"


def fetch(url: str, accept: str = "text/html") -> str:
    """Return a page's text; wait up to half a minute for the server."""
    request = urllib.request.Request(url, headers={"Accept": accept})
    for _ in range(60):
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.read().decode()
        except urllib.error.HTTPError:
            raise
        except urllib.error.URLError:
            time.sleep(0.5)
    raise SystemExit(f"{url} does not answer")


def main(base: str) -> None:
    """Check what a visitor needs first."""
    health = json.loads(fetch(f"{base}/api/health", "application/json"))
    page = fetch(base) + fetch(f"{base}/sparql")
    assets = sorted(set(re.findall(r'(?:src|href)="(/static/[^"]+\.(?:js|css)[^"]*)"', page)))
    if not any("/dist/" in asset for asset in assets):
        raise SystemExit(f"the pages name no bundled script: {assets}")
    for asset in assets:
        fetch(base + asset, "*/*")
    query = urllib.parse.urlencode({"query": QUERY})
    rows = json.loads(fetch(f"{base}/sparql?{query}", "application/sparql-results+json"))["results"]["bindings"]
    if int(rows[0]["n"]["value"]) < 100:
        raise SystemExit(f"too few observations: {rows}")
    print(f"wheel: served {len(assets)} scripts and styles, {rows[0]['n']['value']} observations; health {health}")


if __name__ == "__main__":
    main(sys.argv[1])
