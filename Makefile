# Two commands on a fresh machine with Python 3.11+ and make: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test bench lint lock wheel clean

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable ".[dev]"
	touch $(STAMP)

# Reads an article of the corpus and shows what broke, when and why.
demo: $(STAMP)
	$(BIN)/incidents extract corpus/fr/fr-cloud-foundry-2011.txt --published 2011-05-02 --format table

# Everything that CI runs.
test: lint
	$(BIN)/python -m pytest -m "not bench"
	$(BIN)/incidents evaluate corpus/ --gate

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Long figures: speed beside stock pipelines, memory, cold start.
bench: $(STAMP)
	$(BIN)/python -m pytest -m bench -s tests

# Resolve the newest allowed versions and write them down.
lock:
	rm -rf $(VENV)-lock && $(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	$(VENV)-lock/bin/python -m pip freeze --exclude-editable --exclude incident-extractor > constraints.txt
	rm -rf $(VENV)-lock

wheel: $(STAMP)
	$(BIN)/python -m build --wheel

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis
