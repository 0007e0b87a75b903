"""Studies across reports: promises and what became of them, figures that differ, what is disclosed, claims checked.

Each study is a query that anybody can run (a ``.rq`` file beside its module) and plain arithmetic on the facts found.
"""
