# Two commands need nothing but Python 3.11+ and make:  make demo   make test
PYTHON ?= $(firstword $(foreach name,python3 python3.13 python3.12 python3.11 python,\
	$(if $(shell $(name) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo yes),$(name))))
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test lint types docs example models bench bench-quick agents wheel clean

help: ## List the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "handoff needs Python 3.11 or newer, and none was found; install it, or say where: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo "handoff needs Python 3.11 or newer, and $(PYTHON) is not; say where one is: make PYTHON=/path/to/python3" >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV) || { echo "$(PYTHON) cannot make a virtual environment; install its venv module (Debian: apt install python3-venv)" >&2; exit 1; }

# What pip before 25.1 writes to start a command loads re, half of what starting Python takes. Where there is no newer one, so be it.
$(VENV)/.pip: | $(BIN)/python
	@$(PIP) --upgrade --retries 0 --timeout 5 'pip>=25.1' >/dev/null 2>&1 || true
	@touch $@

$(VENV)/.installed: pyproject.toml $(VENV)/.pip
	@$(PIP) --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml $(VENV)/.pip
	@$(PIP) --editable '.[dev]'
	@touch $@ $(VENV)/.installed

demo: $(VENV)/.installed ## Show the bar filling, the threshold tripping, the handoff
	@PATH="$(abspath $(BIN)):$$PATH" sh scripts/demo.sh

# One process more than there are cores: storms of kills and followers wait more than they compute.
test: $(VENV)/.installed-dev ## Run the whole suite
	@$(BIN)/python -m pytest --numprocesses $$(( $$(getconf _NPROCESSORS_ONLN) + 1 )) --dist worksteal

lint: $(VENV)/.installed-dev ## Check style, layers, import cycles and generated docs
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/python scripts/check_cycles.py
	@$(BIN)/python scripts/check_names.py
	@$(BIN)/python scripts/update_docs.py --check
	@$(BIN)/python scripts/build_plugin.py --check
	@$(BIN)/python scripts/build_model_table.py --check
	@$(BIN)/python scripts/build_patterns.py --check

types: $(VENV)/.installed-dev ## Check types
	@$(BIN)/mypy

docs: $(VENV)/.installed-dev ## Rewrite what is generated: parts of README and docs, the plugin, the table of patterns
	@$(BIN)/python scripts/update_docs.py
	@$(BIN)/python scripts/build_plugin.py
	@$(BIN)/python scripts/build_patterns.py

example: $(VENV)/.installed-dev ## Rewrite .agent-handoffs.example
	@$(BIN)/python scripts/make_example.py

models: $(VENV)/.installed-dev ## Rewrite the catalogue of context windows
	@$(PIP) genai-prices
	@$(BIN)/python scripts/build_model_table.py

bench: $(VENV)/.installed-dev ## Measure side by side, then rewrite docs/performance.md (20 minutes)
	@$(BIN)/python -m benchmarks
	@$(BIN)/python scripts/update_docs.py

bench-quick: $(VENV)/.installed-dev ## The same without what takes longest (10 minutes)
	@$(BIN)/python -m benchmarks --quick
	@$(BIN)/python scripts/update_docs.py

agents: $(VENV)/.installed ## Hold handoff to its promises with the agents' own tools (npm; 1.2 GB the first time)
	@$(BIN)/python scripts/agents/check.py

wheel: $(VENV)/.installed-dev ## Build wheel and source archive into dist/
	@$(BIN)/python -m build --outdir dist .

clean: ## Remove what was made
	@rm -rf $(VENV) dist build .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
