# Everything a newcomer needs: `make demo` runs the main job, `make test` runs all tests. Both set themselves up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help demo test lint format bench faults compare pictures screenshots lock docs clean

help: ## Say what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)

demo: $(READY) ## Follow an import of 120 vials from its approval to its disposal, on a log of its own
	$(BIN)/python -m scripts.demo

test: $(READY) ## Run all tests
	$(BIN)/python -m scripts.tools
	$(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(READY) ## Check style, types and floors
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(READY) ## Put the code into its one form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY) ## Measure, beside the yardsticks, in one run
	$(BIN)/python -m scripts.bench

compare: $(READY) ## Measure the write path beside an older version's: make compare OLD=<revision>
	$(BIN)/python -m scripts.bench.versions $(OLD)

faults: $(READY) ## Kill whatever belongs to a log, at every step, under load, and check that nothing is lost
	$(BIN)/python -m scripts.faults

pictures: $(READY) ## Take pictures of the verifier page: make pictures BUNDLE=<zip> POLICY=<file> TRUST=<file>
	$(BIN)/python -m scripts.page_pictures page-pictures $(BUNDLE) $(POLICY) $(TRUST)

screenshots: $(READY) ## Take pictures of every page of the console, in both languages, at three widths and as printed
	$(BIN)/python -m scripts.console_pictures build/screenshots

docs: $(READY) ## Make again what is made from the code: schemas, rules, command help
	$(BIN)/python -m scripts.make_docs

lock: $(READY) ## Resolve the dependencies anew (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --group dev --extra analysis --output-file requirements.lock pyproject.toml
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	    --constraint requirements.lock --extra analysis --output-file requirements-run.lock pyproject.toml

clean: ## Remove what was set up and what the demo left
	rm -rf $(VENV) demo-data page-pictures build dist
