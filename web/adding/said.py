"""What people say of the files that they add, or of a report that was read wrong."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import orjson
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from kg.catalogue import IDENTIFIER, file_of
from kg.draft import ORIGINALS
from kg.holdings import OWN
from kg.model import Report
from kg.settings import Settings
from search.changing import Given
from search.errands import Errand
from web.failures import RequestError

Id = Field(default=None, max_length=100, pattern=f"^{IDENTIFIER.pattern}$")


class Correction(BaseModel):
    """What is said of a report; what is left out stays as it was read."""

    model_config = ConfigDict(extra="forbid")

    company: str | None = Field(default=None, max_length=200, description="A name in any script, or an IRI")
    year: int | None = Field(default=None, ge=1900, le=2200)
    language: Literal["zh-Hans", "zh-Hant", "en"] | None = None
    title: str | None = Field(default=None, max_length=500)

    @field_validator("*", mode="before")
    @classmethod
    def _nothing(cls, value: Any) -> Any:
        """Take a field that was left empty as not given."""
        return None if isinstance(value, str) and not value.strip() else value


class Said(Correction):
    """What is said of files that are added; ``id``, ``title`` and ``replaces`` of one file only."""

    id: str | None = Id
    replaces: str | None = Id

    def given(self, files: int) -> Given:
        """Return it for so many files.

        :raises RequestError: if there is none, or it cannot be said of more than one.
        """
        if not files:
            raise RequestError(422, "there is no file; send files in parts named files")
        single = [name for name in ("id", "title", "replaces") if getattr(self, name) is not None]
        if single and files != 1:
            raise RequestError(422, f"{single[0]} is for one file, these are {files}; send that file by itself")
        return Given(**self.model_dump())


def read(kind: type[Correction], fields: Mapping[str, Any] | bytes) -> Any:
    """Return what fields, or a body of JSON, say.

    :raises RequestValidationError: if one of them cannot be.
    """
    try:
        return kind.model_validate_json(fields) if isinstance(fields, bytes) else kind.model_validate(fields)
    except ValidationError as error:
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from error


def correcting(settings: Settings, report: Report, correction: Correction) -> Errand:
    """Return what sets a report right: its own file, added again with what is said of it.

    :raises NotFound: if it is none of the team's.
    :raises RequestError: if nothing is said, or its file is not there.
    """
    given = Given(**correction.model_dump(), id=report.id)
    if not given.corrects:
        raise RequestError(422, "say what is to be set right: company, year, language or title")
    return Errand((original(settings, report),), given)


def removing(settings: Settings, report: Report) -> Errand:
    """Return what removes a report.

    :raises NotFound: if it is none of the team's.
    """
    check_own(settings, report)
    return Errand(removed=(report.id,))


def is_own(settings: Settings, report: Report) -> bool:
    """Say whether a report was added, and is none of those that Tantu ships."""
    return file_of(report.id, report.sha256, [settings.data / OWN]).is_file()


def check_own(settings: Settings, report: Report) -> None:
    """Let a report pass that was added.

    :raises RequestError: if it was not.
    """
    if not is_own(settings, report):
        raise RequestError(409, f"{report.id} was not added but comes with Tantu; it stays as it is")


def original(settings: Settings, report: Report) -> tuple[str, str]:
    """Return the name and the path of the file that a report came in.

    :raises RequestError: if there is none.
    """
    check_own(settings, report)
    own = settings.data / OWN
    try:
        about = orjson.loads(file_of(report.id, report.sha256, [own], ".json").read_bytes())
        path = file_of(report.id, report.sha256, [own / ORIGINALS], about["ending"])
        name = str(about["name"])
    except (OSError, ValueError, KeyError):
        path, name = Path(), ""
    if not path.is_file():
        raise RequestError(409, f"the file of {report.id} is not kept; add it again with what is to be set right")
    return name, str(path)
