# StockScan: `make run` starts it with demo data, `make test` proves it. Needs Python 3.11+ and make.

PYTHON   ?= python3
PORT     ?= 8000
DATA_DIR ?= ./data

BIN := .venv/bin
UV_COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-annotate --custom-compile-command "make lock"

# Only for these: tests must not see a developer's settings.
run dev: export STOCKSCAN_DATA_DIR ?= $(DATA_DIR)
dev: export STOCKSCAN_PUBLIC_URL ?= http://127.0.0.1:$(PORT)

.DEFAULT_GOAL := help
.PHONY: help setup run dev test torture lint lint-python lint-browser bench bench-large bench-scan lock clean

help:  ## list these commands
	@awk -F ':.*  [#]# ' 'NF == 2 { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup: .venv/setup.stamp  ## build .venv with the application and its tests' needs

run: setup  ## start StockScan with demo data (PORT=8000, DATA_DIR=./data)
	$(BIN)/stockscan serve --demo --lan --port $(PORT)

dev: setup  ## the same, reloading when a file changes
	$(BIN)/stockscan demo
	$(BIN)/flask --app app run --debug --host 127.0.0.1 --port $(PORT)

test: setup  ## run every test, on both databases and in a browser (ARGS="-k counts")
	$(BIN)/python -m tools.obtain_browser >&2 && $(BIN)/python -m pytest --numprocesses 3 --dist worksteal $(ARGS)

torture: setup  ## run the long versions of some tests: hundreds of scans offline, thousands of guesses
	$(BIN)/python -m tools.obtain_browser >&2 && $(BIN)/python -m pytest -m torture $(ARGS)

lint: lint-python lint-browser  ## check style, types, floors and templates

lint-python: .venv/lint.stamp
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/djlint --quiet --lint templates

lint-browser:
ifneq ($(shell which npm),)
	npm ci --silent
	npm run --silent lint
else ifdef CI
	$(error Checking static/js needs Node.js 20 or newer)
else
	@echo "NOT CHECKED: static/js, since that needs Node.js 20 or newer (nothing else does)."
endif

bench: setup  ## measure speed, as ratios that hold on any machine
	$(BIN)/python -m bench
	$(BIN)/python -m bench.races
	STOCKSCAN_CHROMIUM="$$($(BIN)/python -m tools.obtain_browser)" $(BIN)/python -m bench.camera
	STOCKSCAN_CHROMIUM="$$($(BIN)/python -m tools.obtain_browser)" $(BIN)/python -m bench.label_flow

bench-large: setup  ## measure the largest: counts of 100,000 lines, a year of plans, 5,000,000 movements
	$(BIN)/python -m bench.counting 100000
	$(BIN)/python -m bench.planning
	$(BIN)/python -m bench.reporting 5000000

bench-scan: setup  ## measure what the decoder reads beside others, and from a camera's first frame to the result
	STOCKSCAN_CHROMIUM="$$($(BIN)/python -m tools.obtain_browser)" $(BIN)/python -m bench.scan $(ARGS)
	STOCKSCAN_CHROMIUM="$$($(BIN)/python -m tools.obtain_browser)" $(BIN)/python -m bench.camera
	STOCKSCAN_CHROMIUM="$$($(BIN)/python -m tools.obtain_browser)" $(BIN)/python -m bench.visit
	STOCKSCAN_CHROMIUM="$$($(BIN)/python -m tools.obtain_browser)" $(BIN)/python -m bench.flows
	STOCKSCAN_CHROMIUM="$$($(BIN)/python -m tools.obtain_browser)" $(BIN)/python -m bench.lighthouse

lock: .venv/lint.stamp  ## resolve the pinned versions again (LOCK=--upgrade takes the newest)
	$(UV_COMPILE) $(LOCK) pyproject.toml --group build --group test --output-file constraints.txt
	$(UV_COMPILE) $(LOCK) --group lint --constraints constraints.txt --output-file constraints-lint.txt
	npm install --package-lock-only --ignore-scripts

clean:  ## remove what the commands above made, but no data
	rm -rf .venv node_modules .cache .hypothesis .mypy_cache .pytest_cache .ruff_cache build dist test-results
	find stockscan tests tools -name __pycache__ -prune -exec rm -rf {} +

.venv/setup.stamp: constraints.txt pyproject.toml tools/make_venv.py
	$(PYTHON) -m tools.make_venv
	@touch $@

.venv/lint.stamp: .venv/setup.stamp constraints-lint.txt
	$(PYTHON) -m tools.make_venv --lint
	@touch $@
