# Tocsin. `make demo` shows the service at work, `make test` runs the whole suite.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test format lock clean

help: ## What can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

demo: .venv/.installed ## Starts broker and worker, feeds the bundled articles, prints the alerts
	@$(BIN)/tocsin demo $(ARGS)

test: .venv/.installed-dev ## Runs the whole suite: checks, unit tests, delivery on a real Apache Kafka
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest $(ARGS)

format: .venv/.installed-dev ## Formats the code
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

lock: ## Writes the lock files anew from pyproject.toml (needs uv)
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-header --no-annotate pyproject.toml -o requirements.lock
	uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-header --no-annotate pyproject.toml --group dev -o requirements-dev.lock

clean: ## Removes what was set up
	rm -rf .venv

.venv/bin/pip:
	@$(PYTHON) -c 'import sys; sys.exit("Tocsin needs Python 3.11 or newer; set PYTHON=…" if sys.version_info < (3, 11) else 0)'
	@echo "Setting up .venv (once, some minutes) …"
	@$(PYTHON) -m venv .venv

.venv/.installed: .venv/bin/pip requirements.lock pyproject.toml
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@

.venv/.installed-dev: .venv/bin/pip requirements-dev.lock pyproject.toml
	@$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/pip install -q --disable-pip-version-check --no-deps -e .
	@touch $@ .venv/.installed
