# Two commands do everything on a fresh machine: `make demo` and `make test`. The rest is for those who work on newsfeed.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
.DEFAULT_GOAL := help

.PHONY: help setup demo test lint format lock bench soak fuzz clean

help:  ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

# One stamp a lock file: nothing happens when nothing changed.
$(BIN)/uv: requirements/uv.txt
	@$(PYTHON) -c 'import sys; sys.exit("newsfeed needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

$(VENV)/.run: $(BIN)/uv requirements/run.txt pyproject.toml
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/run.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

setup: $(VENV)/.run  ## make .venv with what newsfeed needs to run

demo: $(VENV)/.run  ## a broker, a worker and a sample feed: watch articles become verdicts, tags and alerts
	@$(BIN)/newsfeed demo

test: $(VENV)/.dev  ## the whole test suite
	@$(BIN)/python -m pytest -n 2 --dist loadgroup --durations=15 --durations-min=5

lint: $(VENV)/.dev  ## ruff, mypy, import-linter
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.dev  ## let ruff mend what it can
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

bench: $(VENV)/.dev  ## quality and speed, side by side with peers (reads the evaluation data beside the project)
	@$(BIN)/python -m benchmarks

SOAK ?= --minutes 60 --messages 300000 --faults 110 --seed 1
soak: $(VENV)/.dev  ## an hour of seeded faults on Apache Kafka, then the accounts; other lengths: make soak SOAK="--minutes 3 --messages 9000 --faults 12 --seed 2"; go on after an interruption: SOAK=--resume
	@$(BIN)/python tests/chaos/soak.py $(SOAK)

FUZZ ?= --inputs 1000000 --seconds 36000
fuzz: $(VENV)/.dev  ## seeded mutations of articles, subscriptions, rule files and settings; other lengths: make fuzz FUZZ="--inputs 10000 --only settings"
	@$(BIN)/python tests/fuzz/long.py $(FUZZ)

lock: $(VENV)/.dev  ## write requirements/*.txt again, with hashes and without download addresses
	@tools/lock

clean:  ## remove the virtual environment and caches
	@rm -rf $(VENV) .mypy_cache .ruff_cache .import_linter_cache build *.egg-info
