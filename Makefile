# Everything a contributor runs, each one command. `make check` is what CI requires.
PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin

$(VENV)/.ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[dev]'
	touch $@

.PHONY: forecast test fast check lint notebooks verify images docs dist mutants coverage same
forecast: $(VENV)/.ready
	$(BIN)/sim run baseline

test: $(VENV)/.ready
	$(BIN)/python -m pytest -n auto --dist loadfile

fast: $(VENV)/.ready
	$(BIN)/python -m pytest -n auto --dist loadfile -m "not slow"

lint: $(VENV)/.ready
	$(BIN)/ruff check . && $(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test

notebooks: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[notebooks]'
	$(BIN)/jupyter lab notebooks

verify: $(VENV)/.ready
	$(BIN)/python -m pytest tests/verification

images: $(VENV)/.ready
	$(BIN)/python docs/make_images.py

docs: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[docs]'
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

dist: $(VENV)/.ready
	$(BIN)/python -m build --no-isolation

# Both take their tools from an extra of their own, and many minutes: docs/tests.md.
mutants: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[mutants]'
	$(BIN)/mutmut run && $(BIN)/mutmut results

coverage: $(VENV)/.ready
	$(BIN)/python -m pip install --quiet -c constraints.txt -e '.[mutants]'
	$(BIN)/python -m pytest -n auto --dist loadfile --cov --cov-context=test --cov-report=term:skip-covered

# The same rows with the oldest versions allowed and, on each of these Pythons, which have to be installed, the newest.
PYTHONS ?= python3.11 python3.12 python3.13
same: build/same/oldest/.ready $(PYTHONS:%=build/same/%/.ready)
	for each in oldest $(PYTHONS); do build/same/$$each/bin/python -m pytest tests/project/test_same_everywhere.py || exit 1; done

build/same/oldest/.ready: pyproject.toml constraints-oldest.txt
	python3.11 -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet -c constraints-oldest.txt -e . pytest
	touch $@

build/same/%/.ready: pyproject.toml constraints.txt
	$* -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet -c constraints.txt -e . pytest
	touch $@
