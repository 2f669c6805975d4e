# Everything a newcomer or a maintainer types. `make help` lists it.
.DEFAULT_GOAL := help
.PHONY: help docs pictures up preview destroy test test-clusters e2e lab lab-status lab-down fuzz oracles quick lint format golden build clean ci
PYTHON ?= python3
TOOLS = $(PYTHON) -m tools
TEST = .kalypso/test-venv/bin
PYTEST = $(TEST)/python -m pytest -n auto
# How much of the program all tests reach; part of them says nothing about that.
COVERAGE = $(if $(ARGS),,--cov --cov-report=)
# Without bytecode, each of hundreds of processes compiles the program again.
unexport PYTHONDONTWRITEBYTECODE
QUICK = $(addprefix tests/,template golang platforms scheduling explanation rendering gitops \
	loading model report git cli/test_cases.py)

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

up: ## Set everything up, run `pulumi up` for dev and stage, say what waits for review
	@$(TOOLS) up

preview: ## Show what `make up` would change
	@$(TOOLS) preview

destroy: ## Take everything down that `make up` made; asks before commits of people go, unless YES=1
	@YES=$(YES) $(TOOLS) destroy

test: ## Run all tests side by side, in an environment of their own
	@$(TOOLS) test-environment
	$(PYTEST) -m "not clusters and not e2e" $(COVERAGE) $(ARGS)

test-clusters: ## Run the tests on real API servers; builds them with Go, once
	@$(TOOLS) test-clusters
	$(TEST)/python -m pytest -m clusters tests/clusters $(ARGS)

e2e: ## Run the tests on real clusters with Flux and Argo CD, and those on API servers
	@$(TOOLS) e2e
	$(TEST)/python -m pytest -m "clusters or e2e" tests/clusters tests/e2e $(ARGS)

lab: ## Start real clusters on this machine, with Flux and Argo CD, that apply the sample
	@$(TOOLS) lab

lab-status: ## Say which parts of the laboratory run
	@$(TOOLS) lab-status

lab-down: ## End the laboratory
	@$(TOOLS) lab-down

docs: ## Build the documents as a site, and check their links
	@$(TOOLS) docs

pictures: ## Draw what users see: terminals as SVG, pull requests as pages; with chromium, photos
	@$(TOOLS) test-environment
	$(TEST)/python -m tests.pictures

fuzz: ## Look for tracebacks with new seeds, for an hour or SECONDS
	@$(TOOLS) test-environment
	@rm -rf .kalypso/fuzz
	KALYPSO_FUZZ_SECONDS=$(or $(SECONDS),3600) KALYPSO_FUZZ_FIGURES=$(CURDIR)/.kalypso/fuzz \
		$(PYTEST) tests/fuzz $(ARGS); found=$$?; cat .kalypso/fuzz/*.txt; exit $$found

oracles: ## Ask Flux's build and gojsonschema again, with Go; review what changed
	@$(TOOLS) test-environment
	$(TEST)/python -m tests.oracles.record_schemas
	$(TEST)/python -m tests.oracles.record_flux

quick: ## Run the tests of the inner loop, in a minute: no engine, no forge, no long searches
	@$(TOOLS) test-environment
	$(PYTEST) -q -m "not engine" $(QUICK) $(ARGS)

lint: ## Check style, types and the borders between rooms
	@$(TOOLS) test-environment
	$(TEST)/ruff check .
	$(TEST)/ruff format --check .
	$(TEST)/mypy
	$(TEST)/mypy tools
	$(TEST)/lint-imports

format: ## Put every file into the common form
	@$(TOOLS) test-environment
	$(TEST)/ruff format .
	$(TEST)/ruff check --fix .

golden: ## Write expected files again; review what changed
	@$(TOOLS) test-environment
	$(TEST)/python -m pytest -q --update-golden $(ARGS); git diff --stat

build: ## Build the wheel and the source distribution into dist/
	@$(TOOLS) test-environment
	$(TEST)/python -m hatchling build

ci: lint test ## What .ci/run runs

clean: ## Remove .venv/ and .kalypso/ (after `make destroy`)
	@$(TOOLS) clean
