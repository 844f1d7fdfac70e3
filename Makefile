# Every verb of the project. `make help` tells them.
PY := .venv/bin/python
BOT := bot/.venv/bin/python
TRAINED_FROM := config.yml bot/train.py $(wildcard bot/domain/*.yml bot/nlu/*.py data/nlu/*.yml data/rules/*.yml data/stories/*.yml)
CONTENT := $(shell find knowledge/content -type f 2>/dev/null)

.PHONY: help install database content train run test test-all check audit evaluate bench screenshots clean
.DEFAULT_GOAL := help

help: ## tell every verb
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

var/installed: pyproject.toml uv.lock bot/pyproject.toml bot/uv.lock deploy/install.sh
	@sh deploy/install.sh
	@touch $@

install: var/installed ## install both environments from their lock files

database: var/installed ## bring the tables up to date and make the first account
	@$(PY) -m desk migrate

var/content-loaded: var/installed $(CONTENT)
	@echo "Loading the knowledge base …"
	@$(PY) -m desk migrate
	@$(PY) -m knowledge load
	@touch $@

content: var/content-loaded ## load the content files into the database

var/models/waymark.tar.gz: var/installed $(TRAINED_FROM)
	@echo "Training Rasa (about a minute) …"
	@mkdir -p var/log
	@$(BOT) -m bot.train >var/log/train.log 2>&1 || { tail -n 20 var/log/train.log; echo "Training failed; the whole log is in var/log/train.log"; exit 1; }
	@touch $@

train: var/models/waymark.tar.gz ## train Rasa if its inputs changed

run: database content train ## start everything: student page, desk, Rasa, actions
	@$(PY) -m desk first-user
	@exec $(PY) deploy/start.py

test: var/installed ## all fast tests, offline
	@$(PY) -m pytest tests/unit tests/integration tests/contracts tests/house -q

test-all: database content train ## everything: also browser, the whole product, faults
	@$(PY) -m pytest tests -q --ignore=tests/browser
	@$(PY) -m pytest tests/browser -q

check: var/installed ## lint, types, migrations drift, content
	@.venv/bin/ruff check . && .venv/bin/ruff format --check --quiet . || exit 1
	@.venv/bin/mypy
	@$(PY) -m knowledge check

audit: var/installed ## ask pip-audit about every locked package; a finding needs an answer in docs/dependency-audit.yml
	@$(PY) deploy/dependency_audit.py

evaluate: var/installed ## score a running product against the accepted scores: make evaluate QUESTIONS=q.csv OUT=r.jsonl
	@test -n "$(QUESTIONS)" -a -n "$(OUT)" || { echo "Say which: make evaluate QUESTIONS=questions.csv OUT=replies.jsonl"; exit 2; }
	@$(PY) -m evaluation ask --questions "$(QUESTIONS)" --out "$(OUT)" --url "$${URL:-http://127.0.0.1:8000}"
	@$(PY) -m evaluation score "$(OUT)" --questions "$(QUESTIONS)" --json "$(basename $(OUT))-scores.json"
	@$(PY) -m evaluation report "$(OUT)" --questions "$(QUESTIONS)" --out "$(basename $(OUT))-report"
	@echo "Our own sets (about two minutes) …"
	@$(PY) -m evaluation sets --most 400 --json "$(basename $(OUT))-sets.json" --url "$${URL:-http://127.0.0.1:8000}"
	@$(PY) -m evaluation compare "$(basename $(OUT))-scores.json" "$(basename $(OUT))-sets.json"

bench: train content ## time every part, beside a default Rasa bot, in one run
	@$(PY) -m benchmarks

screenshots: content ## picture every page at phone and desktop width into docs/screenshots
	@$(PY) -m tests.browser.screenshots

clean: ## remove everything that make made, the database included
	rm -rf var .venv bot/.venv .tools
