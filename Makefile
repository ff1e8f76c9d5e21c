# `make` lists what there is. Settings are variables of the environment: docs/settings.md.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PYTHON ?= python3
MAIN := .venv/bin/python
RASA := .venv-rasa/bin/python
export PYTHONPATH := $(CURDIR)
export RASA_TELEMETRY_ENABLED := false

# $(call step,name,command): run it; where it fails, stop and say which.
step = @echo "== $(1)"; $(2) || { code=$$?; echo "FAILED: $(1)"; exit $$code; }

.NOTPARALLEL:
.PHONY: help run test install build serve lint eval headline accuracy safety claims latency sms-demo sms-load safety-doc screenshots staff-screenshots widget-release lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s  %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: install build serve ## install, build and start; prints the address to open

test: install build lint ## set up, then every check and test
	$(call step,chromium,$(MAIN) -m tools.debian chromium)
	$(call step,rasa data validate,$(MAIN) -m tools.build validate)
	$(if $(wildcard tests/nlu/test_*.py),$(call step,pytest in .venv-rasa,$(RASA) -m pytest -q -W default --disable-warnings --confcutdir=tests/nlu tests/nlu))
	$(call step,pytest,$(MAIN) -m pytest)

install: ## make .venv and .venv-rasa from their locks
	@$(PYTHON) -m tools.install

build: install ## build widget and encoder and train Rasa where something changed
	@$(MAIN) -m tools.build

serve: ## start what is built (make run does all)
	@exec $(MAIN) -m tools.serve

lint: install ## ruff and mypy
	$(call step,ruff check,$(MAIN) -m ruff check .)
	$(call step,ruff format,$(MAIN) -m ruff format --check .)
	$(call step,mypy,$(MAIN) -m mypy)

eval: build ## the whole report, beside trained peers (long the first time): reports/eval.html
	@$(MAIN) -m eval.report $(if $(WITHOUT),--without $(WITHOUT))

headline: build ## measure the figures that CI holds us to, and accept them: eval/headline.yml
	@$(MAIN) -m eval.gate

accuracy: build ## how often the topic is right, over HTTP
	@$(MAIN) -m eval.accuracy

safety: build ## how often danger is escalated, over HTTP; fails where a bound does not hold
	@$(MAIN) -m eval.safety
	@$(MAIN) -m eval.falsealarms

claims: install ## how often `bot check` tells true claims from false ones; needs nothing built
	@$(MAIN) -m eval.claims

latency: build ## milliseconds a reply, beside the stock rasa init pipeline (trained first)
	@$(MAIN) -m eval.latency

sms-demo: build ## a phone in the terminal, through the real signed webhook
	@$(MAIN) -m tools.sms_demo

sms-load: build ## 20 text messages a second for a minute, on SQLite and PostgreSQL
	@$(MAIN) -m eval.sms_load

safety-doc: ## write docs/safety.md from data/safety, for a clinician to read
	@$(MAIN) -m tools.safety_doc

screenshots: build ## pictures of the page for the README (needs Debian's chromium)
	@$(MAIN) -m tools.debian chromium
	@$(MAIN) -m tools.screenshots

staff-screenshots: build ## pictures of every staff page, to be looked at: reports/staff
	@$(MAIN) -m tools.debian chromium
	@$(MAIN) -m tools.staff_screenshots

widget-release: install ## build the widget and keep it in widget/release for servers without Node
	@$(MAIN) -m tools.build_widget release

lock: ## write requirements/*.lock anew (UPGRADE=1: newer versions)
	@$(MAIN) -m tools.lock $(if $(UPGRADE),--upgrade)

clean: ## remove what was built; environments, database and secret stay
	rm -rf var/encoder var/models var/widget widget/node_modules var/rasa-cache var/log .rasa .pytest_cache .mypy_cache .ruff_cache
