"""Lists to choose from, of which the forms of the search, the answer and the research pages are made."""

from dataclasses import dataclass

from web.parts import Phrase


@dataclass(frozen=True, slots=True)
class Choice:
    """A value with its name, and its IRI where it has one; an empty value stands for any."""

    value: str
    phrase: Phrase
    iri: str = ""


@dataclass(frozen=True, slots=True)
class Chooser:
    """A list to choose from; ``name`` is the parameter, ``chosen`` the value that is set."""

    name: str
    label: str
    choices: tuple[Choice, ...]
    chosen: str
