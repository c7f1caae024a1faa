# Everything that a contributor runs, each one command; `make help` lists them. `make check` is what CI requires.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
# The original documents are not part of the project; where they are at hand, evidence is held against them.
DOCUMENTS ?= $(or $(SIM_DOCUMENTS),../shared/documents)
# CI sets this after it has run the README's own test command, so that no test runs twice.
TESTED ?=

.PHONY: help forecast test fast thorough check lint evidence notebooks verify images docs dist mutants sample coverage same
help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev]'
	touch $@

forecast: $(VENV)/.ready ## the main job: the forecast of the baseline
	$(BIN)/sim run baseline

test: $(VENV)/.ready ## all tests, with doctests and notebooks
	$(if $(TESTED),@echo "tests: already run",$(BIN)/python -m pytest -n auto --dist loadfile)

fast: $(VENV)/.ready ## tests, without those marked slow
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not slow and not thorough"

thorough: $(VENV)/.ready ## what CI has no time for: every plot in every way, many repetitions
	$(BIN)/python -m pytest -n auto --dist load -m thorough

lint: $(VENV)/.ready ## style, types, and the direction of imports
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

evidence: $(VENV)/.ready ## claims against the original documents, where these are at hand; what numbers rest on
	if [ -d "$(DOCUMENTS)" ]; then $(BIN)/sim evidence check --documents "$(DOCUMENTS)"; fi
	$(BIN)/sim evidence coverage

check: lint test docs evidence ## all that CI requires

notebooks: $(VENV)/.ready ## the notebooks, in JupyterLab
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[notebooks]'
	$(BIN)/jupyter lab notebooks

verify: $(VENV)/.ready ## the tests that hold the model against known answers
	$(BIN)/python -m pytest tests/verification

images: $(VENV)/.ready ## the pictures of README and of CONTRIBUTING
	$(BIN)/python docs/make_images.py
	$(BIN)/python tools/house.py --draw .

docs: $(VENV)/.ready ## the docs site, in build/site; a warning is an error
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[docs]'
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet

dist: $(VENV)/.ready ## wheel and source distribution, in dist
	$(BIN)/python -m build --no-isolation

# These take their tools from an extra of their own, and many minutes: docs/tests.md.
mutants: $(VENV)/.ready ## what the tests of rules and priors would not notice
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[mutants]'
	$(BIN)/mutmut run && $(BIN)/mutmut results

sample: $(VENV)/.ready ## what the tests of all other rooms would not notice, by a sample
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[mutants]'
	$(BIN)/python -m tests.mutants

coverage: $(VENV)/.ready ## lines that no test runs
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[mutants]'
	$(BIN)/python -m pytest -n auto --dist loadfile --cov --cov-context=test --cov-report=term:skip-covered

# The same rows with the oldest versions allowed, on Python 3.11, and with the newest on each of these that is installed.
PYTHONS ?= $(shell for each in python3.11 python3.12 python3.13 python3.14; do $$each -c "" 2>/dev/null && echo $$each; done; true)
same: build/same/oldest/.ready ## the same rows on other Pythons and library versions
	build/same/oldest/bin/python -m pytest tests/project/test_same_everywhere.py
	for each in $(PYTHONS); do echo "$$each" && $(MAKE) --no-print-directory build/same/$$each/.ready && \
	build/same/$$each/bin/python -m pytest tests/project/test_same_everywhere.py || exit 1; done

build/same/oldest/.ready: pyproject.toml constraints-oldest.txt Makefile
	python3.11 -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet -c constraints-oldest.txt -e . pytest hypothesis
	touch $@

build/same/%/.ready: pyproject.toml constraints.txt Makefile
	$* -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet -c constraints.txt -e . pytest hypothesis
	touch $@
