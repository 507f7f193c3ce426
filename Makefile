# What there is to do here; `make` alone lists it. ARGS="…" is passed on.

# The first Python that is new enough.
PYTHON ?= $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$python && break; done)
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# One for each processor; none beside this one for a few tests, which each worker would look for anew.
WORKERS ?= $(if $(strip $(ARGS)),0,$(shell getconf _NPROCESSORS_ONLN))
# For every system and every Python that is new enough; no package index is named.
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-annotate --custom-compile-command "make lock"
# What is taken from npm: wrangler and a strict OpenID provider for the tests, and what builds the Worker.
NODE := $(foreach folder,tests/d1 tests/access worker,$(folder)/node_modules/.package-lock.json)
WRANGLER := $(firstword $(NODE))
WORKER := $(lastword $(NODE))

.DEFAULT_GOAL := help
.PHONY: help run test soak check docs pictures demo bench timings lock clean

help: ## List what there is to do.
	@sed -n 's/^\([a-z0-9]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 16

# Only this machine is answered, so whoever opens it may save cards; not with other addresses in ARGS.
run: .venv/runs ## Open the dashboard to this machine; without settings, on a demo that it builds itself.
	$(if $(strip $(ARGS)),,MEAUX_SAVE_CARDS="$${MEAUX_SAVE_CARDS:-yes}") $(BIN)/streamlit run app.py --server.address=127.0.0.1 \
		--server.allowedHosts=localhost --server.allowedHosts=127.0.0.1 $(ARGS)

# Tests, and the dashboards that are started, are compiled once, whatever the shell says.
test soak bench: export PYTHONDONTWRITEBYTECODE =

test: .venv/tests .venv/browser $(NODE) ## Run every test.
	$(BIN)/python -m pytest -n $(WORKERS) --no-loadscope-reorder $(ARGS)

soak: .venv/tests ## Run what takes long: faults, endurance and generated input (docs/reliability.md).
	$(BIN)/python -m pytest -m soak -n $(WORKERS) --no-loadscope-reorder $(ARGS)

check: .venv/tests $(WORKER) ## Run every check that needs no test: lint, format, types, layers, SQL, docs.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python .ci/query_style.py
	$(BIN)/python -m meaux docs --check
	@if command -v npm >/dev/null; then npm run --silent --prefix worker check; \
	else echo "No npm: the Worker is not checked."; fi

docs: .venv/runs ## Write the reference pages in docs/ anew.
	$(BIN)/python -m meaux docs

pictures: .venv/tests .venv/browser ## Take the pictures in docs/ anew, of the demo on 22 November 2026.
	PYTHONPATH=tests $(BIN)/python tests/browser/pictures.py

demo: .venv/runs ## Write a demo database into data/.
	$(BIN)/python -m meaux demo $(ARGS)

bench: .venv/tests .venv/browser $(WRANGLER) ## Measure the pages (docs/performance.md); ARGS=--help says what else.
	PYTHONPATH=tests:tests/browser $(BIN)/python -m benchmarks.pages $(ARGS)

timings: .venv/tests ## Time what single subjects and the forecast take on long tables.
	@for file in benchmarks/*.py; do echo "$$file"; PYTHONPATH=. $(BIN)/python "$$file" || exit; done

lock: .venv/tests ## Write the lock files anew from the requirements; ARGS=--upgrade takes newer ones.
	$(LOCK) requirements.txt --output-file requirements.lock $(ARGS)
	$(LOCK) requirements-dev.txt --constraints requirements.lock \
		--output-file requirements-dev.lock $(ARGS)

clean: ## Remove what was installed and built; data/ stays.
	rm -rf .venv tests/*/node_modules worker/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis

# What is installed. Each of these files stands for one step, which is done again only when what it
# was made from has changed.

.venv/made:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none was found." >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { .ci/install python3-venv && $(PYTHON) -m venv --clear .venv; }
	@touch $@

.venv/runs: .venv/made requirements.lock
	$(PIP) --require-hashes -r requirements.lock
	@touch $@

.venv/tests: .venv/runs requirements-dev.lock
	$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@

.venv/browser: .venv/tests
	@.ci/browser && touch $@ || echo "No Chromium: the tests in a browser will be skipped."

$(NODE): %/node_modules/.package-lock.json: %/package-lock.json
	@if command -v npm >/dev/null; then npm ci --prefix $* --no-audit --no-fund; \
	else echo "No npm: the tests that need it will be skipped."; fi
