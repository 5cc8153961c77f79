# Two commands are enough: `make run` and `make test`. Both set up what they need.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: setup run test lint types lock clean

setup: $(STAMP)

# The lock is complete, so pip need not resolve (--no-deps). Only when the lock or the project file changed; otherwise this costs nothing.
$(STAMP): requirements.txt pyproject.toml
	$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else f"Winnow needs Python 3.11 or newer, {sys.executable} is {v[0]}.{v[1]}; set PYTHON=python3.12 or so")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(STAMP)

# Exit code 1 says that records were quarantined or checks warned, which the samples are there to show.
run: setup
	$(BIN)/winnow run samples --warehouse winnow.duckdb --report report.html || test $$? -eq 1

# A process a core, each with its own Prefect server: four at most, for their memory. What is left of a process's share
# goes to one that is done.
test: setup
	$(BIN)/python -m pytest --numprocesses logical --maxprocesses 4 --dist worksteal

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

# After a change of the dependencies in pyproject.toml.
lock: setup
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --extra dev --output-file requirements.txt pyproject.toml

clean:
	rm -rf .venv *.egg-info winnow.duckdb winnow.duckdb.* report.html outbox
