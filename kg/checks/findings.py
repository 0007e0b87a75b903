"""What a check says: one finding for each thing that is wrong, with its place and its remedy."""

from dataclasses import dataclass

ERROR, WARNING = "error", "warning"


@dataclass(frozen=True, slots=True, order=True)
class Finding:
    """Something that is wrong.

    ``check`` is the check's name, ``severity`` ``error`` or ``warning``, ``place`` a file with the line where one is
    known, ``term`` what it is about (an IRI, a file's rule, a row), ``remedy`` what to do about it.
    """

    check: str
    severity: str
    place: str
    term: str
    problem: str
    remedy: str

    @property
    def is_error(self) -> bool:
        """Say whether it fails the whole check."""
        return self.severity == ERROR

    def __str__(self) -> str:
        """Return one line for people.

        >>> print(Finding("labels", ERROR, "units.ttl:4", "u:t", "has no label", "write one"))
        units.ttl:4: u:t: has no label; write one
        """
        return ": ".join(part for part in (self.place, self.term, f"{self.problem}; {self.remedy}") if part)
