# Everything that a person runs. Needs Python 3.11 or later, git and make; nothing else.
# After the first run nothing needs the network.

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
Q      ?= why were military channels cut?
PIP    := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: chat ask eval gate torture test check format clean

chat: $(VENV)/.run  ## Serve the chat on 127.0.0.1:7860
	$(BIN)/rag serve

ask: $(VENV)/.run  ## Ask one question: make ask Q="…"
	@$(BIN)/rag ask "$(Q)"

eval: $(VENV)/.eval  ## Run the bundled evaluation suite
	$(BIN)/python -m eval

torture: $(VENV)/.run  ## Kill a sync 300 times and see that nothing is lost: make torture ARTICLES=FOLDER
	$(BIN)/python -m tools.torture --kills 300 $(if $(ARTICLES),--articles "$(ARTICLES)")

gate: $(VENV)/.eval  ## Hold both bundled suites against eval/gates.toml
	$(BIN)/python -m eval run seeds news_fiction --gate eval/gates.toml

test: check  ## Everything below, and the tests in a real browser where Chromium is installed
check: $(VENV)/.dev  ## Lint, types and tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(BIN)/python pyproject.toml constraints.txt
	$(PIP) install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/.eval: $(VENV)/.run
	$(PIP) install --quiet --constraint constraints.txt --editable '.[eval]'
	touch $@

$(VENV)/.dev: $(VENV)/.run
	$(PIP) install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $@
