"""Reading files: whatever people have, as text that the pipeline reads, with what is needed to cite it.

::

    bytes --form--> PDF, DOCX, HTML, Markdown, plain text --reader--> Sheet --finish--> Imported(text, pages, ...)

``kg.importing.confined`` does the same in a process that may not do anything else.
"""

from pathlib import Path

from kg.errors import FileTooLarge, KgError, ReadingError
from kg.importing import forms, hypertext, plain, word
from kg.importing.characters import harmless
from kg.importing.imported import MIB, Imported, Limits
from kg.importing.sheet import Sheet

__all__ = ["Imported", "Limits", "read_file"]


def read_file(source: Path | bytes, name: str = "", limits: Limits | None = None) -> Imported:
    r"""Return the text of a file of any form that is known.

    ``name`` is the file's own, where the source is bytes; it helps to tell the form and stands in messages.

    :raises ReadingError: if it cannot be read; the message says why, and what helps.
    :raises FileTooLarge: if it takes more than the limits allow.

    >>> read_file("综合能耗下降，数据中心电能利用效率".encode("gb18030"), "a.txt").text
    '综合能耗下降，数据中心电能利用效率'
    >>> read_file(b"<h1>Energy</h1><p>Power&nbsp;fell.", "a.html").text
    '# Energy\n\nPower fell.\n'
    """
    limits = limits or Limits()
    shown = harmless(name or (source.name if isinstance(source, Path) else ""))
    try:
        data = source if isinstance(source, bytes) else contents(source, limits)
        return _imported(data, name or shown, limits)
    except KgError as error:
        raise type(error)(f"{shown}: {str(error).removeprefix(f'{shown}: ')}") from error
    except (MemoryError, RecursionError) as error:
        raise FileTooLarge(f"{shown}: {TOO_MUCH_MEMORY}") from error


TOO_MUCH_MEMORY = "needs more memory than a file may take; split it, or raise TANTU_FILE_MEMORY"


def contents(path: Path, limits: Limits) -> bytes:
    """Return a file's bytes.

    :raises ReadingError: if it is missing, unreadable or no plain file.
    :raises FileTooLarge: if there are more than allowed.
    """
    try:
        if path.exists() and not path.is_file():
            raise ReadingError("is no file; name a file, or a folder to `tantu add`")
        with path.open("rb") as stream:
            data = stream.read(limits.size + 1)
    except OSError as error:
        raise ReadingError(f"cannot be read ({error.strerror}); check its name and who may read it") from error
    if len(data) > limits.size:
        raise FileTooLarge(f"is larger than {limits.size // MIB} MiB; split it, or raise TANTU_FILE_SIZE")
    return data


def _imported(data: bytes, name: str, limits: Limits) -> Imported:
    if len(data) > limits.size:
        raise FileTooLarge(f"is larger than {limits.size // MIB} MiB; split it, or raise TANTU_FILE_SIZE")
    sheet = Sheet(limits)
    form = forms.form_of(data, name)
    if form == forms.PDF:
        from kg.importing import pdf  # its library takes 0.07 s of processor time to load

        pdf.read_pdf(data, sheet, limits)
    elif form == forms.DOCX:
        word.read_docx(data, sheet, limits)
    elif form == forms.HTML:
        hypertext.read_html(data, harmless(name), sheet)
    elif form == forms.MARKDOWN:
        from kg.importing import markdown

        markdown.read_markdown(data, harmless(name), sheet)
    else:
        plain.read_plain(data, harmless(name), sheet)
    imported = sheet.finish(form)
    if not imported.text.strip():
        raise ReadingError("holds no text; a report needs text")
    return imported
