# Each target sets up what it needs by itself: python3 (3.11 or newer), make and the package index, nothing else.
# The set-up is remembered in .venv/.ready-*; it runs again only when a lock file, pyproject.toml or the folder changes.

PYTHON ?= python3
EVENTS ?= 300
SEED ?= 1
WORKERS ?= 2
DAYS ?= 2000
WORLD ?= province
UPGRADE ?=
# Set where `make check` has just run: its tests are not run a second time.
CHECKED ?=
ONLY ?=

VENV := .venv
BIN := $(VENV)/bin
LOCKS := requirements/build.txt requirements/runtime.txt requirements/development.txt requirements/bench.txt
# The folder's path counts, because a virtual environment cannot be moved.
FINGERPRINT := $(shell { echo "$(CURDIR)"; cat $(LOCKS) pyproject.toml; } | cksum | cut -d ' ' -f 1)
RUNTIME := $(VENV)/.ready-runtime-$(FINGERPRINT)
DEVELOPMENT := $(VENV)/.ready-development-$(FINGERPRINT)
BENCH := $(VENV)/.ready-bench-$(FINGERPRINT)

# Bytecode is kept also where the surroundings forbid it: the checks start the gateway some two hundred times.
unexport PYTHONDONTWRITEBYTECODE
# The parts of a check run side by side, what each says comes in one piece where make can do that (4.0 or newer).
TOGETHER := --no-print-directory --jobs=2 --keep-going $(if $(filter output-sync,$(.FEATURES)),--output-sync=target)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo serve test unit acceptance check checked-types checked-style checked-house format simulate bench lock clean

help:  ## this list
	@awk 'BEGIN {FS = ":.*## "} /^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

demo: $(RUNTIME)  ## the main job from end to end against the sandbox; EVENTS=300 SEED=1
	@$(BIN)/hotich-gateway demo --events $(EVENTS) --seed $(SEED)

serve: $(RUNTIME)  ## the gateway with the sandbox, until Ctrl-C
	@exec $(BIN)/hotich-gateway serve --with-sandbox

test: $(DEVELOPMENT)  ## every test; real processes come last
	@tools/run-tests $(WORKERS) $(if $(CHECKED),--ignore=tests/architecture)

unit: $(DEVELOPMENT)  ## the tests that take seconds: no socket, no database
	@$(BIN)/python -m pytest tests/unit

acceptance: $(DEVELOPMENT)  ## only the tests that start and kill real processes
	@$(BIN)/python -m pytest tests/acceptance

check: $(DEVELOPMENT)  ## format, lint, types, imports, architecture, examples in the docs
	@$(MAKE) $(TOGETHER) checked-types checked-style checked-house

checked-types: $(DEVELOPMENT)
	@echo "types"; $(BIN)/mypy

checked-style: $(DEVELOPMENT)
	@echo "format"; $(BIN)/ruff format --check --quiet .
	@echo "lint"; $(BIN)/ruff check --quiet .
	@echo "imports"; $(BIN)/lint-imports --no-logo

checked-house: $(DEVELOPMENT)
	@echo "architecture and docs"; $(BIN)/python -m pytest --quiet tests/architecture

format: $(DEVELOPMENT)  ## lays out the code and mends what can be mended safely
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

simulate: $(DEVELOPMENT)  ## simulated days of the queue, judged by an oracle; DAYS=2000 SEED=7 WORLD=province
	@$(BIN)/python -m bench.simulation --days $(DAYS) --seed $(SEED) --world $(WORLD) $(if $(PROCESSES),--processes $(PROCESSES))

bench: $(BENCH)  ## measures, beside other queues; ONLY="delivery latency"; the figures are this machine's
	@$(BIN)/python -m bench $(ONLY)

lock: $(DEVELOPMENT)  ## writes requirements/*.txt anew from *.in; UPGRADE=1 takes the newest versions
	@tools/lock $(if $(UPGRADE),--upgrade)

clean:  ## removes the environment and caches; never var/, where the database is
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME):
	@tools/setup "$(PYTHON)" runtime "$(FINGERPRINT)"

$(DEVELOPMENT):
	@tools/setup "$(PYTHON)" development "$(FINGERPRINT)"

$(BENCH):
	@tools/setup "$(PYTHON)" bench "$(FINGERPRINT)"
