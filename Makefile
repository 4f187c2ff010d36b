# Two commands matter: `make run` and `make test`. Both need Python 3.11 or newer and nothing else of ours.
.DEFAULT_GOAL := help
.PHONY: help run test check lint-fix lock venv bench faults pictures clean
ARGS ?=

help: ## this list
	@echo "Hanoi KIP Registry"
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{ printf "%-18s %s\n", $$1, $$2 }'

run: ## the whole site with demonstration data; another port: PORT=8001 make run
	@exec sh embedded/setup.sh run

test: ## every check, then every test; some of them: make test ARGS="-k name"
	@exec sh embedded/setup.sh test $(ARGS)

check: ## format, lint, types, migrations, deployment, catalogue; no tests
	@exec sh embedded/setup.sh check

lint-fix: ## put the code into the project's format and repair what ruff can
	@exec sh embedded/setup.sh fix

lock: ## choose the newest allowed versions again and write requirements/*.lock
	@exec sh embedded/setup.sh lock

bench: ## how fast a result is computed, beside other ways; writes docs/bench.md (about ten minutes)
	@exec sh embedded/setup.sh bench $(ARGS)

faults: ## certificates while workers are killed and servers restart; writes docs/faults.md (about ten minutes)
	@exec sh embedded/setup.sh faults $(ARGS)

pictures: ## the README's pictures, from the site that make run has started
	@exec sh embedded/setup.sh pictures

venv: ## .venv with everything for development
	@exec sh embedded/setup.sh venv

clean: ## forget .venv, collected files and caches; the data of `make run` stay
	rm -rf .venv staticfiles .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
