# Two commands do everything on a machine with Python 3.11+, make and a package index: make demo, make test.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export IVR_DATA ?= $(CURDIR)/build/data

.PHONY: demo test check bench format lock clean

demo: $(VENV)/ready
	$(BIN)/ivr demo

test: $(VENV)/ready
	$(BIN)/pytest --cov --cov-report=term --cov-fail-under=90

check: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/ivr flows check

bench: $(VENV)/ready
	$(BIN)/ivr bench

format: $(VENV)/ready
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

$(VENV)/ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

# after a change of pyproject.toml's dependencies: new pins, tested, committed together
lock:
	$(PYTHON) -m venv $(VENV)-lock
	$(VENV)-lock/bin/pip install --quiet pip-tools
	$(VENV)-lock/bin/pip-compile --quiet --extra dev --strip-extras --no-emit-index-url --no-emit-find-links \
		--allow-unsafe --no-header --annotation-style line --output-file requirements.lock pyproject.toml

clean:
	rm -rf build $(VENV) $(VENV)-lock
