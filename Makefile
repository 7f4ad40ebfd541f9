# Every target first installs what is missing: see deploy/local/bootstrap.py.

SHELL := /bin/bash
PYTHON ?= python3
RUN := $(PYTHON) deploy/local/bootstrap.py
PYTEST_WORKERS ?= 3
COUNT ?= 1000

.DEFAULT_GOAL := help
.PHONY: help setup up reset test test-clients test-containers test-variants test-cluster test-upgrade browser promtool assets check fmt bench hostile drill practise reference pictures sbom clean

help: ## show this manual
	@echo "Ehrensache. What do you want to do?"
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20
	@echo
	@echo "Everything is kept below .local; nothing else needs to be installed than Python 3.11."
	@echo "More commands: .local/venv/bin/ehrensache --help"

setup: ## install everything into .local/venv
	@$(RUN) python -m shared.web.assets

up: ## start the whole system with a demo city; Ctrl-C stops it, data is kept
	@exec $(RUN) ehrensache up

reset: ## delete the data of the local run
	@$(RUN) ehrensache reset --yes

test: setup browser promtool ## run all tests on real servers
	$(RUN) pytest -n $(PYTEST_WORKERS) --no-loadscope-reorder

test-clients: setup ## let real calendar programs read the feeds (needs libical)
	@$(RUN) python -m deploy.local.clients
	$(RUN) pytest -o addopts=--import-mode=importlib -q tests/clients

test-containers: setup ## run the system in containers; installs an engine where there is none
	$(RUN) python -m deploy.offline pytest -o addopts=--import-mode=importlib tests/containers/parts tests/containers/single

test-variants: setup ## run it with TLS between its parts, watched by Prometheus, with a certificate by ACME
	$(RUN) python -m deploy.offline pytest -o addopts=--import-mode=importlib tests/containers/tls
	$(RUN) python -m deploy.offline pytest -o addopts=--import-mode=importlib tests/containers/observability
	$(RUN) python -m deploy.offline pytest -o addopts=--import-mode=importlib tests/containers/acme

test-cluster: setup ## kill parts of the cluster variant, one after the other, under traffic
	$(RUN) python -m deploy.offline pytest -o addopts=--import-mode=importlib tests/containers/cluster

test-upgrade: setup ## replace the version before this one by this one and back, under answers
	$(RUN) python -m deploy.offline pytest -o addopts=--import-mode=importlib tests/containers/upgrade

browser:
	@$(RUN) python -m deploy.local.chromium

promtool:
	@$(RUN) python -m deploy.local.promtool

check: setup ## formatting, lint, types, import rules, migrations, images
	$(RUN) ruff format --check
	$(RUN) ruff check
	$(RUN) mypy
	$(RUN) lint-imports
	$(RUN) hadolint deploy/Dockerfile deploy/offline/*/Dockerfile
	$(RUN) squawk shared/migrations/*.sql services/*/migrations/*.sql

fmt: setup ## format the code
	$(RUN) ruff format
	$(RUN) ruff check --fix

bench: setup ## measure, each figure beside its bound
	$(RUN) python -m bench

hostile: setup ## send what attackers send to a real system, COUNT=1000 of it
	$(RUN) python -m bench.hostile $(COUNT)

drill: setup ## lose a city on purpose and bring it back from its backup
	@$(RUN) python -m deploy.backup.drill

practise: setup browser ## make a failure of docs/runbook.md happen: TEST="tests/…"
	$(RUN) pytest -n 0 $(TEST)

reference: setup ## write docs/reference and the dashboards anew from the code
	$(RUN) python -m deploy.reference.write
	$(RUN) python -m deploy.observability

pictures: setup browser ## take the pictures of README.md and the guides anew
	$(RUN) python -m deploy.pictures

sbom: setup ## list what each image holds, as CycloneDX below .local/sbom
	$(RUN) python -m deploy.images.sbom .local/sbom

clean: ## delete caches; `make reset` deletes data
	find . -name __pycache__ -not -path './.local/*' -prune -exec rm -rf {} +
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
