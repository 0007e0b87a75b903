"""The rules of the house (CONTRIBUTING.md), held against the tree and against a planted violation each."""

import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from statistics import median

import pytest

from tests import rules

ROOT = Path(__file__).resolve().parent.parent
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for layer in rules.LAYERS
    for path in sorted((ROOT / layer).rglob("*.py"))
    if "node_modules" not in path.parts
}
SOURCES = {module: path.read_text("utf-8") for module, path in MODULES.items()}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

# Functions over the limit, each with the reason why it reads better whole.
LONG_FUNCTIONS: dict[str, str] = {}
# Handlers that may catch everything, each with what keeps the error from being lost.
BROAD_HANDLERS: dict[str, str] = {}
# Files that are not ours to end with a newline: texts kept byte for byte, and what a machine wrote.
RAW = re.compile(
    r"seeds/.*\.txt|search/model/.*|.*\.(png|svg|ico|safetensors|gz|zip|lock)|.*package-lock\.json|LICENSE.*"
)


def tracked() -> list[Path]:
    """Return the files of the repository: known to git, or new and not ignored."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("no git here")
    return [ROOT / name for name in sorted(listed.stdout.decode().split("\0")) if name and (ROOT / name).is_file()]


def text_of(path: Path) -> str | None:
    """Return a file's text, or None where it is no text."""
    data = path.read_bytes()
    return None if b"\0" in data else data.decode("utf-8", "replace")


@pytest.mark.parametrize("module", SOURCES)
def test_imports_point_down(module):
    assert rules.upward_imports(module, SOURCES[module]) == []


def test_planted_upward_import():
    assert rules.upward_imports("kg.store", "def f():\n    from web.app import create_app") == [
        "web.app",
        "web.app.create_app",
    ]
    assert rules.upward_imports("web.app", "import kg.store, search.index") == []
    assert rules.upward_imports("kg.store", "from . import ids") == [".", "..ids"]


def test_no_cycles():
    TopologicalSorter(rules.dependency_graph(SOURCES)).prepare()  # CycleError names the cycle


def test_planted_cycle():
    planted = {"kg.a": "from kg import b", "kg.b": "import kg.c", "kg.c": "def f():\n    import kg.a"}
    with pytest.raises(CycleError):
        TopologicalSorter(rules.dependency_graph(planted)).prepare()


@pytest.mark.parametrize("module", SOURCES)
def test_heavy_libraries_have_one_owner(module):
    assert rules.borrowed_libraries(module, SOURCES[module]) == []


def test_planted_borrowing():
    assert rules.borrowed_libraries("web.api", "def f():\n    import faiss, json") == ["faiss"]
    assert rules.borrowed_libraries("search.training.run", "import torch") == []
    assert rules.borrowed_libraries("search.index", "import fastapi.responses") == ["fastapi"]


@pytest.mark.parametrize("module", SOURCES)
def test_modules_are_short_and_well_named(module):
    assert len(SOURCES[module].splitlines()) <= rules.MODULE_LINES, "look for the second noun in it"
    assert rules.forbidden_names(module) == [], "name the module after its noun"


def test_planted_name():
    assert rules.forbidden_names("search.utils") == ["utils"]
    assert rules.forbidden_names("search.metadata") == []


@pytest.mark.parametrize("module", SOURCES)
def test_functions_are_short(module):
    found = [
        line for line in rules.long_functions(SOURCES[module]) if f"{module}.{line.split(':')[0]}" not in LONG_FUNCTIONS
    ]
    assert found == []


def test_most_functions_are_very_short():
    lengths = [lines for source in SOURCES.values() for _, lines in rules.functions(source)]
    assert median(lengths) <= rules.MEDIAN_LINES
    assert sum(lines > rules.USUAL_LINES for lines in lengths) <= 0.1 * len(lengths)


def test_planted_long_function():
    body = "".join(f"    x{n} = {n}\n" for n in range(40))
    assert rules.long_functions(f'def long():\n    """Doc."""\n{body}') == ["long: 41 lines"]
    assert list(rules.functions('def f():\n    """One\n\n    two."""\n    return 1\n')) == [("f", 2)]


@pytest.mark.parametrize("module", SOURCES)
def test_no_han_characters_in_python(module):
    marks = rules.LAYOUT_MARKS.get(module, "")
    assert rules.han_in_python(SOURCES[module], marks) == [], "Chinese words live in ontology/*.ttl or web/words.toml"


def test_no_han_characters_in_scripts():
    found = {
        str(path.relative_to(ROOT)): rules.han_in_text(path.read_text("utf-8"))
        for path in tracked()
        if path.suffix in {".js", ".mjs", ".ts", ".tsx"}
    }
    assert {name: lines for name, lines in found.items() if lines} == {}


def test_planted_han_character():
    assert rules.han_in_python('"""能耗"""\nx = "能耗"') == ['line 2: "能耗"']
    assert rules.han_in_python('def f():\n    """能耗.\n\n    >>> f("能")\n    """\n    # 万') == ["line 6: # 万"]
    assert rules.han_in_python('X = 1\n"""能耗: a constant\'s docstring."""') == []
    assert rules.han_in_python(r'x = f"{1}[\u4e0e\u548c]"') == ["line 1: [与和]"]
    assert rules.han_in_python(r'x = re.compile(r"\u7b49$")') == ["line 1: 等$"]
    assert rules.han_in_python(r'x = "[\u3400-\u9fff]+"') == []
    assert rules.han_in_text("const a = '能耗';") == ["line 1: const a = '能耗';"]


@pytest.mark.parametrize("module", SOURCES)
def test_environment_is_read_in_settings_only(module):
    assert rules.environment_readers(module, SOURCES[module]) == []


def test_planted_environment_reader():
    assert rules.environment_readers("kg.store", "import os\nx = os.environ['X']") == ["line 2: os.environ"]
    assert rules.environment_readers("kg.store", "from os import getenv") != []
    assert rules.environment_readers("kg.settings", "import os\nx = os.environ") == []


@pytest.mark.parametrize("module", SOURCES)
def test_only_the_command_line_prints(module):
    assert rules.prints(module, SOURCES[module]) == []


def test_planted_print():
    assert rules.prints("kg.store", "x = 1\nprint(x)") == ["line 2"]
    assert rules.prints("web.cli", "print(1)") == []


@pytest.mark.parametrize("module", SOURCES)
def test_handlers_name_what_they_catch(module):
    if module not in BROAD_HANDLERS:
        assert rules.broad_handlers(SOURCES[module]) == []


def test_planted_broad_handlers():
    source = "try:\n    f()\nexcept {}:\n    pass"
    assert rules.broad_handlers(source.format("Exception")) == ["line 3: except Exception"]
    assert rules.broad_handlers(source.format("(ValueError, Exception)")) == ["line 3: except Exception, ValueError"]
    assert rules.broad_handlers(source.replace(" {}", "")) == ["line 3: except"]
    assert rules.broad_handlers(source.format("OSError")) == []


def test_exceptions_are_still_needed():
    assert set(LONG_FUNCTIONS) <= {
        f"{module}.{line.split(':')[0]}" for module, source in SOURCES.items() for line in rules.long_functions(source)
    }
    assert set(BROAD_HANDLERS) <= {module for module, source in SOURCES.items() if rules.broad_handlers(source)}


def test_files_end_with_one_newline():
    ours = [path for path in tracked() if not RAW.fullmatch(path.relative_to(ROOT).as_posix())]
    ragged = [path for path in ours if text_of(path) is not None and rules.ragged_end(path.read_bytes())]
    assert [str(path.relative_to(ROOT)) for path in ragged] == []


def test_planted_ragged_ends():
    assert rules.ragged_end(b"a")
    assert rules.ragged_end(b"a\n\n")
    assert not rules.ragged_end(b"a\n")


def test_no_place_of_one_machine_is_named():
    here = {f"{Path.home()}/", f"{ROOT}/"} - {"//"}
    found = {
        str(path.relative_to(ROOT)): places
        for path in tracked()
        if (text := text_of(path))
        and path.name not in {"rules.py", "test_house_rules.py"}
        and (places := rules.machine_places(text, *here))
    }
    assert found == {}


def test_planted_machine_places():
    assert rules.machine_places("see /home/ada/tantu/kg") == ["/home/ada/"]
    assert rules.machine_places("get it from https://registry.example.org/x") == ["https://registry.example.org"]
    assert rules.machine_places('"resolved": "x"') == ['"resolved": "']
    assert rules.machine_places("in /srv/checkout/kg", "/srv/checkout/") == ["/srv/checkout/"]
    assert rules.machine_places("https://w3id.org/tantu/home/x and GET /home") == []


def declared(*extras: str) -> set[str]:
    """Return the names of the declared dependencies, with those of some extras."""
    optional = [line for extra in extras for line in PROJECT["optional-dependencies"][extra]]
    return {re.split(r"[\[<>=!~; ]", line)[0].lower() for line in [*PROJECT["dependencies"], *optional]}


# What comes with a declared package and is part of its interface.
COMES_WITH = {
    "starlette": "fastapi",
    "markupsafe": "jinja2",
    "pydantic": "fastapi",
}
COMES_WITH |= {"anyio": "fastapi", "mcp_types": "mcp"}
COMES_WITH |= {"torch": "sentence-transformers", "transformers": "sentence-transformers"}


def distributions(sources: Iterable[str]) -> dict[str, str]:
    """Return the distribution of each imported third-party package, lower case."""
    owners = importlib.metadata.packages_distributions()
    imported = {name for source in sources for name in rules.third_party(source, sys.stdlib_module_names)}
    return {name: COMES_WITH.get(name, owners.get(name, [name])[0]).lower() for name in imported}


def test_every_import_is_declared_and_every_declaration_imported():
    known = declared("dask", "mcp", "milvus", "parquet", "training") - {"milvus-lite"}  # pymilvus imports it
    used = set(distributions(SOURCES.values()).values())
    assert used - known == set(), "declare it in pyproject.toml and docs/dependencies.md"
    assert known - used == set(), "nobody imports it any more"


def test_what_tests_import_is_declared():
    tests = [path.read_text("utf-8") for folder in ("tests", "bench") for path in (ROOT / folder).rglob("*.py")]
    used = set(distributions(tests).values()) - {"tests", "bench"}
    assert used - declared("bench", "dask", "mcp", "milvus", "parquet", "training", "dev") == set()


def test_planted_import():
    assert rules.third_party("import os\nimport left_pad\nfrom kg import ids", sys.stdlib_module_names) == {"left_pad"}


def test_one_version_everywhere():
    version = PROJECT["version"]
    assert rules.newest_version((ROOT / "CHANGELOG.md").read_text("utf-8")) == version
    assert re.search(rf'^version: "?{re.escape(version)}"?$', (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    assert json.loads((ROOT / "web/frontend/package.json").read_text("utf-8"))["version"] == version


def test_planted_version():
    assert rules.newest_version("# Changes\n\n## Unreleased\n\n## 1.2.0 - 2026-01-01\n\n## 1.1.0\n") == "1.2.0"


def test_the_command_line_starts_without_torch():
    program = "import sys, web.cli; print(*sorted({'torch', 'transformers', 'fastapi'} & sys.modules.keys()))"
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert run.stdout.split() == [], "these take seconds to import; import them where they are needed"


WATCHER = """
import importlib, os, sys
root, *modules = sys.argv[1:]
seen = []

def watch(event, arguments):
    if event == "open" and isinstance(arguments[0], str):
        path = os.path.abspath(arguments[0])
        if path.startswith(root) and not path.endswith((".py", ".pyc")) and "site-packages" not in path:
            seen.append(path)
    elif event in {"subprocess.Popen", "socket.connect", "os.system"}:
        seen.append(event)

sys.addaudithook(watch)
for module in modules:
    importlib.import_module(module)
print(*seen)
"""


def work_at_import(root: Path, *modules: str) -> list[str]:
    """Return the files of ours that are read, and the processes and connections that are made, by importing modules."""
    command = [sys.executable, "-c", WATCHER, f"{root}/", *modules]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    return run.stdout.split()


def test_importing_does_no_work():
    modules = [name for name in SOURCES if not name.endswith("__main__") and not name.startswith("search.training")]
    assert work_at_import(ROOT, *modules) == []


def test_planted_work_at_import(tmp_path):
    (tmp_path / "words.txt").write_text("x", "utf-8")
    (tmp_path / "planted.py").write_text("WORDS = open('words.txt').read()")
    assert work_at_import(tmp_path, "planted") == [str(tmp_path / "words.txt")]
