# Every target stands alone on a machine that has Python >= 3.11 and make.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
WORKERS ?= 2
EVENTS ?= 200000
NEO4J_EVENTS ?= 5000
COVERAGE_EVENTS ?= 1000000
COPY_EVENTS ?= 100000
EXAMPLES ?= 200
NEO4J_LATEST := 2026.08.1
NEO4J_TESTS = $(shell grep -rlE 'neo4j_server|empty_neo4j' tests --include='test_*.py')
export UV_PROJECT_ENVIRONMENT := $(abspath $(VENV))
# Else, where an environment forbids to keep what was compiled, each of the many processes of a run compiles all anew.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help install demo test test-slow test-neo4j-latest lint mutants mutants-page bench bench-load bench-api bench-pages bench-hidden bench-coverage bench-neo4j copy-neo4j limits pictures graph-page systems-page serve attack profiles stories draws duties contact completeness access exchange responsibility lookup hostile paging explore audit-graphql fuzz-graphql fuzz-rest requests neo4j requests-published drill clean

help: ## Show the targets
	@grep -hE '^[a-z0-9-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z0-9-]+):.*## /  \1\t/' | expand -t 22

install: $(VENV)/.installed ## Install Suyuan and its tools into .venv, pinned by uv.lock

$(VENV)/.installed: pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Suyuan needs Python 3.11 or newer; $(PYTHON) is older. Set PYTHON=/path/to/python3.11"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	@$(BIN)/uv sync --quiet --frozen --python $(BIN)/python --inexact
	@touch $@

demo: install ## Load a shipped outbreak; print back trace, forward trace and recall scope; write recall.xlsx
	@$(BIN)/suyuan demo

test: install ## The suite: laws on random worlds, others' data, stores, command line
	@$(BIN)/python -m pytest -n $(WORKERS) -m "not slow"

test-slow: install ## What takes longer than the suite may: crashes by the hundred, large files
	@$(BIN)/python -m pytest -n $(WORKERS) -m slow

test-neo4j-latest: install ## The tests of Neo4j against its newest release
	@SUYUAN_TEST_NEO4J_VERSION=$(NEO4J_LATEST) SUYUAN_NEO4J_REQUIRED=1 $(BIN)/python -m pytest -n $(WORKERS) -m "not slow" $(NEO4J_TESTS)

lint: install ## ruff, mypy --strict, import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

mutants: install ## Plant faults in the engine, and two toys; print which law catches each
	@$(BIN)/python -m tests.mutants

mutants-page: install ## The same, and write the table of docs/mutants.md
	@$(BIN)/python -m tests.mutants --page

bench: install ## Measure against the peers; see docs/benchmarks.md
	@$(BIN)/python -m benchmarks

bench-load: install ## Load EVENTS generated events (200,000); print speed and memory of each tenth
	@$(BIN)/python -m benchmarks.load --events $(EVENTS)

bench-api: install ## The API under 50 clients for five minutes, captures and traces mixed
	@$(BIN)/python -m benchmarks.api

bench-coverage: install ## Coverage of a product system over COVERAGE_EVENTS recorded events (1,000,000)
	@$(BIN)/python -m benchmarks.coverage --events $(COVERAGE_EVENTS)

bench-hidden: install ## Whether the time of an answer tells what is hidden from what is not there
	@$(BIN)/python -m benchmarks.hidden

attack: install ## Whatever each role of the outbreak must not learn, tried by every field and path
	@$(BIN)/python -m pytest -n $(WORKERS) tests/api/rights

profiles: install ## The product systems: each kind of fault in a profile refused, codes, recorded events, the page of all
	@$(BIN)/python -m pytest -n $(WORKERS) tests/systems/test_profiles.py tests/systems/test_profile_files.py tests/systems/test_profile_faults.py tests/systems/test_code_scheme_faults.py tests/systems/test_shared_profiles.py tests/systems/test_codes.py tests/systems/test_aliases.py tests/systems/test_recognition.py tests/docs/test_systems_page.py tests/api/test_cli_systems.py tests/api/graphql/test_systems.py

stories: install ## The story of each product system gives the answers that it expects, on both stores, and plays
	@SUYUAN_NEO4J_REQUIRED=1 $(BIN)/python -m pytest -n $(WORKERS) tests/systems/test_stories.py tests/systems/test_stories_neo4j.py tests/systems/test_story_faults.py tests/api/test_cli_demo_story.py

drill: install ## Drills: which lots of the stories are traced and why not, what a recall locates by arithmetic, on both stores
	@SUYUAN_NEO4J_REQUIRED=1 $(BIN)/python -m pytest -n $(WORKERS) tests/drill tests/api/test_cli_drill.py tests/api/graphql/test_drill.py tests/api/rights/test_drills.py

draws: install ## Random inspections: repeatable, weighted, for regulators alone, their results events, on both stores
	@SUYUAN_NEO4J_REQUIRED=1 $(BIN)/python -m pytest -n $(WORKERS) tests/systems/test_draw.py tests/systems/test_draw_neo4j.py tests/api/test_cli_draw.py tests/api/graphql/test_inspection.py tests/api/rights/test_draws.py

duties: install ## What is overdue in each story, and what no rule on retention keeps any more, on both stores
	@SUYUAN_NEO4J_REQUIRED=1 $(BIN)/python -m pytest -n $(WORKERS) tests/systems/test_assessment.py tests/systems/test_assessment_neo4j.py tests/systems/test_retention.py tests/api/test_cli_assess.py

contact: install ## Contact as profiles declare it, its laws, and which whole held a part on a day
	@$(BIN)/python -m pytest -n $(WORKERS) tests/builder/test_contacts.py tests/builder/test_contact_laws.py tests/systems/test_fittings.py tests/systems/test_stories.py tests/api/test_cli_fitted.py

completeness: install ## The measures of coverage, counted by hand; registers; what of them is open to all
	@SUYUAN_NEO4J_REQUIRED=1 $(BIN)/python -m pytest -n $(WORKERS) tests/coverage tests/api/test_cli_coverage.py tests/api/test_cli_open_data.py tests/api/graphql/test_coverage.py tests/api/graphql/test_open_data.py

access: install ## Whether markets may take the goods of the stories on a day, on both stores
	@SUYUAN_NEO4J_REQUIRED=1 $(BIN)/python -m pytest -n $(WORKERS) tests/systems/test_access.py tests/systems/test_access_neo4j.py tests/api/test_cli_access.py tests/api/graphql/test_access.py

exchange: install ## Packages of events between platforms: packed, changed, cut, taken again, on both stores
	@SUYUAN_NEO4J_REQUIRED=1 $(BIN)/python -m pytest -n $(WORKERS) tests/api/exchange tests/api/test_cli_exchange.py

responsibility: install ## Who had a found thing, who had it last, where its records break off, on both stores
	@SUYUAN_NEO4J_REQUIRED=1 $(BIN)/python -m pytest -n $(WORKERS) tests/systems/test_responsibility.py tests/systems/test_responsibility_neo4j.py tests/api/test_cli_responsibility.py tests/api/graphql/test_responsibility.py

lookup: install ## The public reads of a code what its profile makes public, and nothing more, on both stores
	@SUYUAN_NEO4J_REQUIRED=1 $(BIN)/python -m pytest -n $(WORKERS) tests/systems/test_public_lookup.py tests/systems/test_public_lookup_neo4j.py tests/api/test_cli_lookup.py tests/api/graphql/test_public_lookup.py tests/api/graphql/test_digital_link.py

hostile: install ## Malformed, huge, deep, slow and packed requests: each a clear refusal, in bounded memory
	@$(BIN)/python -m pytest -n $(WORKERS) tests/api/http tests/api/graphql/test_limits.py -m "not slow"

paging: install ## 10,000 items in pages from two servers while 10,000 events arrive, over a file and over Neo4j
	@SUYUAN_NEO4J_REQUIRED=1 $(BIN)/python -m pytest -n $(WORKERS) tests/api/http/test_two_workers.py

explore: install ## GraphiQL in a real Chromium, the questions of docs/api.md, the contract
	@$(BIN)/python -m pytest -n $(WORKERS) tests/browser tests/api/graphql/test_api_page.py tests/api/graphql/test_schema.py

bench-pages: install ## A recall scope of 1,000 outlets page by page, after EVENTS events, or in STORE=sqlite:FILE
	@$(BIN)/python -m benchmarks.pages --events $(EVENTS) $(if $(STORE),--store $(STORE))

bench-neo4j: install ## The Neo4j store beside bare Cypher, over NEO4J_EVENTS generated events (5,000)
	@$(BIN)/python -m benchmarks.neo4j --events $(NEO4J_EVENTS)

copy-neo4j: install ## Copy COPY_EVENTS generated events (100,000) from a file into Neo4j and back
	@$(BIN)/python -m benchmarks.copying --events $(COPY_EVENTS)

limits: install ## Measure what lost records can hide or feign, and write the tables of docs/limits.md
	@$(BIN)/python -m benchmarks.limits

pictures: install ## Draw the pictures of the documents anew; those of Neo4j and GraphiQL where these can be had
	@$(BIN)/python docs/pictures/make.py
	@$(BIN)/python docs/pictures/bad_tank.py
	@$(BIN)/python docs/pictures/graphiql.py

graph-page: install ## Write the words of the graph into docs/neo4j.md
	@$(BIN)/python docs/graph_tables.py

systems-page: install ## Write docs/product-systems.md from the profiles of the product systems
	@$(BIN)/python docs/systems_page.py

serve: install ## Serve the API over the demo: GraphiQL at http://127.0.0.1:8000/graphiql
	@test -f suyuan-demo.db || $(BIN)/suyuan demo > /dev/null
	@$(BIN)/suyuan serve --store sqlite:suyuan-demo.db

audit-graphql: install ## The audits of GraphQL over HTTP (npm package graphql-http) against a server over the demo
	@$(BIN)/python -m tests.graphql_http

fuzz-graphql: install ## Schemathesis on the GraphQL endpoint over the demo, EXAMPLES (200) for each question
	@$(BIN)/python -m tests.fuzz.graphql $(EXAMPLES)

fuzz-rest: install ## Schemathesis on every path of the REST interface over the demo, EXAMPLES (200) for each
	@$(BIN)/python -m tests.fuzz.rest $(EXAMPLES)

requests: install ## The collection of requests for the REST interface, against servers of its own, or URL=http://… with KEY=…
	@$(BIN)/python -m tests.api.rest.requests $(URL)

requests-published: install ## The requests of a Bruno collection that others published, in the folder PUBLISHED
	@$(BIN)/python -m tests.api.rest.published "$(PUBLISHED)"

neo4j: install ## Start a Neo4j for development, without Docker
	@$(BIN)/python -m tests.neo4j_server

clean: ## Remove what the targets made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
