# The whole interface of the repository: every target sets up what it needs and may be run first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RECORDINGS ?= ../shared

.PHONY: help backtest test lint types check parity bench clean

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/run.stamp: requirements/run.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/run.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

$(VENV)/dev.stamp: requirements/dev.lock $(VENV)/run.stamp
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/dev.lock
	@touch $@

backtest: $(VENV)/run.stamp ## run the five strategies over one simulated year on the embedded engine
	@$(BIN)/thetadesk backtest

test: $(VENV)/dev.stamp ## run every test
	@$(BIN)/python -m pytest -n 2 --dist loadgroup tests

lint: $(VENV)/dev.stamp ## style and import order
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(VENV)/dev.stamp ## strict type check
	@$(BIN)/pyright

check: lint types test ## everything a change must pass

parity: $(VENV)/dev.stamp ## replay the recorded LEAN runs
	@$(BIN)/thetadesk parity $(RECORDINGS)/parity/sample $(RECORDINGS)/parity/market/cases --data lean-sample=$(RECORDINGS)/lean-data --data parity-market=$(RECORDINGS)/parity/market/data

bench: $(VENV)/dev.stamp ## print the figures the README quotes
	@for script in benchmarks/*.py; do echo "== $$script"; $(BIN)/python $$script || exit 1; done

clean: ## remove the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .ruff_cache build *.egg-info
