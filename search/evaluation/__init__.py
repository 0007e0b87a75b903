"""How good it is: questions with known answers, what a system made of them, and measures that say how much was right.

:mod:`search.evaluation.questions` are asked of one of the :mod:`~search.evaluation.systems`, which gives
:mod:`~search.evaluation.runs`; those of any other system are read from a file. :mod:`~search.evaluation.ranks` measures
what a run found, :mod:`~search.evaluation.rightness` what it answered, :mod:`~search.evaluation.tables` shows both.
"""
