r"""The graph as people who know rdflib expect it: a Dataset on the store, nothing copied.

>>> from pathlib import Path
>>> from tempfile import TemporaryDirectory
>>> from kg.store import Store
>>> with TemporaryDirectory() as folder:
...     store = Store.create(Path(folder))
...     store.load(b'<http://e/a> <http://e/p> "1" <http://e/g> .\n')
...     dataset = as_rdflib(store)
...     [str(row.o) for row in dataset.query("SELECT ?o { <http://e/a> ?p ?o }")]
['1']
"""

import oxrdflib
from rdflib import Dataset

from kg.store import Store
from kg.terms import PREFIXES


def as_rdflib(store: Store) -> Dataset:
    """Return an rdflib Dataset that reads (and, on a store made by ``create``, writes) the store.

    The default graph is the union of the named ones and our prefixes are bound. Oxigraph evaluates its queries; rdflib
    passes it a default graph of its own, so that FROM has no effect there (``Store.select`` has none of that).
    """
    dataset = Dataset(store=oxrdflib.OxigraphStore(store=store.engine), default_union=True)
    for prefix, namespace in PREFIXES.items():
        dataset.bind(prefix, namespace, replace=True)
    return dataset
