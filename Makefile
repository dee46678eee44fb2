# Every command of the project. It needs Python 3.11-3.13, make and, for PyTensor's C mode, gcc.
.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup lab test lint format build check results bench mutants course course-test legacy lock clean FORCE

# As if .venv were activated. JOBS: notebooks and tests that run at the same time.
PY   := PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/python
UV   := .venv/bin/uv
JOBS ?= 2
SOLUTIONS = $(sort $(wildcard */*/solutions/*.ipynb))

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

# ---- set-up ----
# A finished set-up leaves .venv/.ready, which says: this TensorFlow build, made in this folder. A change of the lock is
# installed on top. The environment is made anew when the last set-up did not finish (a package that was cut off while
# it was copied looks installed), when GPU=1 or GPU=0 asks for the other build (the two share files), when the folder
# has moved, and when the Python it was made from is gone.
READY := .venv/.ready
STATE := $(shell .venv/bin/python -c "" 2>/dev/null && cat $(READY) 2>/dev/null)
BUILD := $(or $(if $(GPU),$(if $(filter 0,$(GPU)),cpu,gpu)),$(filter cpu gpu,$(firstword $(STATE))),cpu)
WANT  := $(BUILD) $(CURDIR)
LOCK  := requirements/$(if $(filter gpu,$(BUILD)),gpu,lock).txt
ifneq "$(STATE)" "$(WANT)"
$(READY): FORCE
endif

PYTHONS := $(or $(PYTHON),python3 python3.13 python3.12 python3.11 python)
FITS    := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
FAILED  := { echo "The set-up did not finish (no network? disk full?). The same command starts it again." >&2; exit 1; }

setup: $(READY) ## make .venv with the locked versions (GPU=1: the CUDA builds, Linux only)
	@:

$(READY): pyproject.toml $(LOCK)
	@[ $(BUILD) = cpu ] || [ "$$(uname)" = Linux ] || { echo "GPU=1 needs Linux (on Windows: WSL)." >&2; exit 1; }
	@.venv/bin/python -c "import pip; $(FITS)" 2>/dev/null \
	&& [ "$$(cat $(READY) 2>/dev/null || echo "$(WANT)")" = "$(WANT)" ] && exit; \
	for python in $(PYTHONS) ""; do "$$python" -c "$(FITS)" 2>/dev/null && break; done; \
	if [ -z "$$python" ]; then \
	  echo "Python 3.11, 3.12 or 3.13 is needed, and none of these is one: $(PYTHONS)." \
	    "Install one, or name it: make setup PYTHON=/path/to/python3.12" >&2; exit 1; \
	fi; \
	if ! "$$python" -c "import ensurepip, venv" 2>/dev/null; then \
	  echo "$$python comes without venv. On Debian and Ubuntu: apt install python3-venv" >&2; exit 1; \
	fi; \
	echo "Making .venv with $$("$$python" --version)"; \
	"$$python" -m venv --clear .venv || $(FAILED)
# Bytecode is compiled here: without it TensorFlow takes 14 s to import where PYTHONDONTWRITEBYTECODE is set, not 5.
	@echo "$(BUILD) unfinished" > $(READY) \
	&& sed -n '/^uv==/,/[^\\]$$/p' $(LOCK) > .venv/uv.txt \
	&& .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r .venv/uv.txt \
	&& echo "Installing $$(grep -c == $(LOCK)) packages: about a minute, longer on a slow line" \
	&& $(UV) pip install $$([ -t 2 ] || echo -q) --python .venv/bin/python --compile-bytecode --require-hashes -r $(LOCK) \
	&& $(UV) pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e . \
	&& echo "$(WANT)" > $(READY) || $(FAILED)

lock: setup ## choose versions again after a change in pyproject.toml (ARGS=--upgrade: the newest allowed)
	$(UV) pip compile -q pyproject.toml $(COMPILE) --generate-hashes --extra cpu --extra dev -o requirements/lock.txt $(ARGS)
	$(UV) pip compile -q pyproject.toml $(COMPILE) --generate-hashes --extra gpu --extra dev -c requirements/lock.txt \
	  -o requirements/gpu.txt $(ARGS)
	$(UV) pip compile -q pyproject.toml $(COMPILE) --extra cpu -c requirements/lock.txt -o .venv/requirements.txt --upgrade
	{ cat .venv/requirements.txt; echo "-e ."; } > requirements.txt
	$(UV) pip compile -q legacy/requirements.in $(COMPILE) --generate-hashes -o legacy/requirements.txt $(ARGS)

# For every system, and from the oldest Python on, whichever Python runs this.
COMPILE := --universal --python-version 3.11 --no-annotate --no-emit-index-url \
  --custom-compile-command "make lock"

# ---- for learners ----
lab: setup ## open JupyterLab on the front page (ARGS="--no-browser --port 8899": serve only)
	@JUPYTER_CONFIG_PATH="$(CURDIR)/.jupyter$${JUPYTER_CONFIG_PATH:+:$$JUPYTER_CONFIG_PATH}" $(PY) -m jupyterlab $(ARGS)

# ---- for contributors ----
test: lint ## everything CI checks
	$(PY) -m pytest -q -n $(JOBS) tests
ifneq "$(wildcard */*/solutions/*.ipynb)" ""
	$(PY) -m pytest -q -n $(JOBS) --nbval --nbval-current-env --nbval-cell-timeout=300 -p no:cacheprovider $(SOLUTIONS)
endif

lint: setup ## ruff, and the drift gate (make check)
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m lib.course check

format: setup ## let ruff put the code in shape
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .

build: setup ## notebooks from their sources, those that changed (ARGS="rl/04_dynamic_programming --jobs 2")
	$(PY) -m lib.course build $(ARGS)

check: setup ## the drift gate: notebooks agree with their sources; nothing is run
	$(PY) -m lib.course check $(ARGS)

results: setup ## write RESULTS.md from the solutions' headline results
	$(PY) -m lib.course results $(ARGS)

bench: setup ## measure what the lessons say about speed
	$(PY) -m benchmarks $(ARGS)

mutants: setup ## break every solution on purpose and count what the checks notice
	$(PY) -m lib.course mutants $(ARGS)

# ---- for instructors ----
course: setup ## stage an nbgrader course (CHAPTERS="rl/04_dynamic_programming" TO=../my-course)
	$(PY) -m lib.course release $(or $(CHAPTERS),$(error CHAPTERS= is missing, see make help)) \
	  --to $(or $(TO),$(error TO= is missing, see make help))

course-test: setup ## the nbgrader round trip for every chapter
	$(PY) -m pytest -q tests/course/test_round_trip.py --all-chapters

# ---- the packages of the time ----
# In an environment of their own, .venv-legacy. Theano compiles C++, so it needs g++ and Python's header files.
OLD_PYTHONS := $(PYTHON) .venv/bin/python python3.11 python3
OLD      := .venv-legacy/bin/python
OLD_FITS := import sys, sysconfig, os; sys.exit(sys.version_info[:2] != (3, 11) \
  or not os.path.exists(os.path.join(sysconfig.get_paths()["include"], "Python.h")))
OLD_RUNS := $(shell $(OLD) -c "" 2>/dev/null && echo yes)
ifneq "$(OLD_RUNS)" "yes"
.venv-legacy/.ready: FORCE
endif

legacy: setup .venv-legacy/.ready ## Theano 1.0.5 and gym 0.26.2 against the course, with timings (Python 3.11, g++)
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(OLD) -m pytest -q legacy
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(OLD) -m legacy.timings

.venv-legacy/.ready: legacy/requirements.txt
	@command -v g++ > /dev/null \
	|| { echo "Theano compiles C++, and there is no g++. On Debian and Ubuntu: apt install g++" >&2; exit 1; }; \
	for python in $(OLD_PYTHONS) ""; do "$$python" -c '$(OLD_FITS)' 2>/dev/null && break; done; \
	if [ -z "$$python" ]; then \
	  echo "Theano 1.0.5 needs Python 3.11 with its header files, and none of these is one: $(OLD_PYTHONS)." \
	    "Install one, or name it: make legacy PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	echo "Making .venv-legacy with $$("$$python" --version)"; \
	$(UV) venv -q --clear --python "$$python" .venv-legacy \
	&& $(UV) pip install -q --python $(OLD) --compile-bytecode --require-hashes -b $< -r $< \
	&& touch $@ || $(FAILED)

clean: ## remove .venv, caches and build leftovers (downloads in data/cache stay)
	rm -rf .venv .venv-legacy build dist .pytest_cache .ruff_cache .hypothesis
	find . -name __pycache__ -prune -exec rm -rf {} + -o -name .ipynb_checkpoints -prune -exec rm -rf {} +
