# The front door. Every target makes what it needs below .venv and nothing elsewhere.
# Another interpreter: make demo PYTHON=/opt/python3.12/bin/python3

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help demo test lint bench env stack serve lock clean system chaos transfers rabbitmq4
.PHONY: n8n n8n-node docs docs-pictures trial debians

VENV := .venv
BIN := $(VENV)/bin
CODE := src tests benchmarks deploy
PIP := $(BIN)/python -m pip --disable-pip-version-check -qq
# Runs a command while Debian starts no service that it installs; what the administrator had set comes back.
WITHOUT_STARTING := sh -c 'policy=/usr/sbin/policy-rc.d; \
	if [ -e $$policy ]; then exec "$$@"; fi; \
	trap "rm -f $$policy" EXIT; printf "\#!/bin/sh\nexit 101\n" > $$policy; chmod +x $$policy; "$$@"' sh
# Where the tests look for RabbitMQ 4.3.
RABBITMQ4 := /var/cache/neuroshorts/rabbitmq4
# Where they look for n8n, with a Node.js of its own beside it.
N8N := /var/cache/neuroshorts/n8n
# Where `make trial` finds small Debians, from which it makes the images of the stack, and Docker's plugins.
DEBIANS := /var/cache/neuroshorts/debians
WITH_ITS_NODE := PATH="$(N8N)/node/node_modules/.bin:$$PATH"

# A virtual environment holds absolute paths: one that was moved or copied is made anew.
STAMPS := $(addprefix $(VENV)/,.made .base .test .lint .service .docs .lock)
MOVED := $(shell [ "$$(cat $(VENV)/.made 2>/dev/null)" = "$(CURDIR)" ] || rm -f $(STAMPS))

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.base ## Render the demonstration film to output/demo.mp4
	@$(BIN)/neuroshorts render examples/demo.json -o output/demo.mp4

# Hundreds of processes are started: none of them compiles what another one has.
test: $(VENV)/.test system ## Run the tests and measure their coverage
	@PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --cov --cov-report= -n $$(($$(getconf _NPROCESSORS_ONLN) + 1)) --dist worksteal || { \
		code=$$?; [ $$code = 1 ] || exit $$code; \
		echo "Once more, by itself, what failed; what passes now depends on time or on its neighbours: mend it" >&2; \
		$(BIN)/python -m pytest --last-failed --last-failed-no-failures none --maxfail 1 && \
		$(BIN)/coverage report --format=total; }

lint: $(VENV)/.lint ## Check format, lint rules, types and the direction of imports
	@echo "black" && $(BIN)/python -m black --check --quiet $(CODE) || { \
		echo "Not formatted; mend with: $(BIN)/python -m black $(CODE)" >&2; exit 1; }
	@echo "ruff" && $(BIN)/python -m ruff check --quiet $(CODE)
	@echo "mypy" && $(BIN)/python -m mypy --no-error-summary
	@echo "import-linter" && $(BIN)/lint-imports
	@echo "hadolint" && $(BIN)/hadolint Dockerfile
	@echo "kubernetes-validate" && $(BIN)/kubernetes-validate --strict --quiet deploy/k8s/base/*.yaml
	@echo "promtool" && if command -v promtool >/dev/null; then \
		told=$$(cd deploy/observability/prometheus && promtool check config prometheus.yml 2>&1 && \
			promtool check rules --lint=all --lint-fatal rules/*.yml 2>&1 && promtool test rules tests/*.yml 2>&1) || \
			{ echo "$$told" >&2; exit 1; }; \
	else echo "skipped: promtool is not installed (Debian: apt-get install prometheus)"; fi

bench: $(VENV)/.base ## Measure everything (20 min); bench-check only compares with the committed figures
	@$(BIN)/python -m benchmarks $(BENCH_FLAGS)

.PHONY: bench-check
bench-check: $(VENV)/.base
	@$(BIN)/python -m benchmarks.check $(BENCH_FLAGS)

env: $(VENV)/.made ## Write .env with the secrets of the stack, once
	@$(BIN)/python deploy/make_env.py .env

stack: env ## Start n8n, the interface, workers and their servers with Docker
	@docker compose up --build --detach --wait

serve: $(VENV)/.service ## Answer HTTP on http://127.0.0.1:8000 (its pages: /docs)
	@$(BIN)/neuroshorts serve $(SERVE_FLAGS)

COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --only-binary :all: --emit-build-options --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links $(LOCK_FLAGS)

lock: $(VENV)/.lock ## Resolve requirements/*.txt anew; LOCK_FLAGS=--upgrade takes newer versions
	@$(COMPILE) pyproject.toml --group build -o requirements/base.txt
	@$(COMPILE) pyproject.toml --group build --group test --extra service --extra piper --extra whisper -c requirements/base.txt -o requirements/test.txt
	@$(COMPILE) pyproject.toml --group build --group test --group lint --extra service --extra piper --extra whisper -c requirements/test.txt \
		-o requirements/lint.txt
	@$(COMPILE) pyproject.toml --group build --extra service -c requirements/test.txt -o requirements/service.txt
	@$(COMPILE) pyproject.toml --group build --extra service --extra piper --extra whisper -c requirements/test.txt \
		-o requirements/voices.txt
	@$(COMPILE) --group docs -c requirements/lint.txt -o requirements/docs.txt
	@$(COMPILE) --group lock -o requirements/lock.txt

clean: ## Remove the environment, caches and rendered files
	@rm -rf $(VENV) build output .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	@rm -rf n8n/n8n-nodes-neuroshorts/dist n8n/n8n-nodes-neuroshorts/node_modules docs/pictures
	@rm -rf *.egg-info logs/*.log logs/*.log.*
	@find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +

chaos: $(VENV)/.test system ## Render 200 jobs while everything dies, one thing after the other (7 min)
	@$(BIN)/python -m pytest -s tests/e2e/test_chaos.py --chaos-jobs 200

transfers: $(VENV)/.test system ## Move 200 MB over ways that break, to and from servers that go away (3 min)
	@$(BIN)/python -m pytest -s tests/e2e/test_transfers.py tests/e2e/test_drive_delivery.py --media-mb 200 --cuts 10 \
		--away-seconds 60 --fetchers 20

.PHONY: bench-load
bench-load: $(VENV)/.test system
	@$(BIN)/python -m benchmarks.load $(BENCH_FLAGS)

# Pillow shapes right-to-left and Indic text with raqm, which loads the system's FriBiDi. Scripts that no packaged
# font has are drawn with Noto's. Tests of the service start
# a PostgreSQL, a RabbitMQ, a Ceph, a Prometheus and a Chromium of their own: Debian is kept from starting any for
# the whole system.
system: $(VENV)/.base
	@missing=""; \
	$(BIN)/python -c 'from PIL import features; raise SystemExit(not features.check("raqm"))' || \
		missing="$$missing libfribidi0"; \
	[ "$$(uname)" != Linux ] || for file in truetype/noto/NotoSansBengali-Bold.ttf:fonts-noto-core \
		opentype/noto/NotoSansCJK-Bold.ttc:fonts-noto-cjk truetype/noto/NotoColorEmoji.ttf:fonts-noto-color-emoji; do \
		[ -e "/usr/share/fonts/$${file%:*}" ] || missing="$$missing $${file#*:}"; \
	done; \
	ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing="$$missing postgresql"; \
	[ -e /usr/lib/rabbitmq/bin/rabbitmq-server ] || missing="$$missing rabbitmq-server"; \
	command -v radosgw >/dev/null && command -v ceph-osd >/dev/null || \
		missing="$$missing radosgw ceph-mon ceph-osd ceph-common"; \
	command -v chromium >/dev/null || missing="$$missing chromium"; \
	command -v prometheus >/dev/null || missing="$$missing prometheus"; \
	command -v amtool >/dev/null || missing="$$missing prometheus-alertmanager"; \
	command -v flite >/dev/null && [ -d /usr/share/festival/voices/english/ked_diphone ] || \
		missing="$$missing flite festival festvox-kdlpc16k"; \
	[ -n "$$missing" ] || exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing$$missing"; \
		mkdir -p /etc/postgresql-common && \
		{ [ -e /etc/postgresql-common/createcluster.conf ] || \
			echo "create_main_cluster = false" > /etc/postgresql-common/createcluster.conf; }; \
		$(WITHOUT_STARTING) sh -c "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
			--no-install-recommends $$missing >/dev/null"; \
	else \
		echo "Missing, tests that need it will be skipped:$$missing." \
			"Debian: apt-get install$$missing; macOS: brew install fribidi postgresql" >&2; \
	fi

# The newest RabbitMQ, which Debian's own release does not have: a small Debian of its own, run in a box.
rabbitmq4: ## Unpack RabbitMQ 4.3 for the tests (root, Debian; 1 min, 250 MB)
	@command -v bwrap >/dev/null && command -v debootstrap >/dev/null || \
		{ apt-get update -qq && apt-get install -y -qq --no-install-recommends bubblewrap debootstrap >/dev/null; }
	@rm -rf $(RABBITMQ4).part && mkdir -p $(dir $(RABBITMQ4))
	@debootstrap --variant=minbase --include=rabbitmq-server sid $(RABBITMQ4).part >/dev/null
	@echo "127.0.0.1 localhost" > $(RABBITMQ4).part/etc/hosts
	@rm -rf $(RABBITMQ4).part/var/cache/apt $(RABBITMQ4).part/var/lib/apt/lists
	@rm -rf $(RABBITMQ4) && mv $(RABBITMQ4).part $(RABBITMQ4)

# Its scripts would compile parts that have been compiled already, or that nothing here uses.
n8n: ## Install n8n 2.41 for the tests (npm; 4 min, 2.4 GB)
	@rm -rf $(N8N).part && mkdir -p $(N8N).part/node && cp tests/services/n8n.json $(N8N).part/package.json
	@npm install --silent --no-audit --no-fund --prefix $(N8N).part/node node@24
	@cd $(N8N).part && PATH="$$PWD/node/node_modules/.bin:$$PATH" \
		npm install --silent --no-audit --no-fund --ignore-scripts --legacy-peer-deps
	@rm -rf $(N8N) && mv $(N8N).part $(N8N)

# Images of the trial are made from these, as lean as those of a registry, which is not asked. Plugins of Docker come
# with newer Debians only.
debians: ## Unpack three releases of Debian for the trial (root, Debian; 2 min, 350 MB)
	@command -v dockerd >/dev/null && command -v debootstrap >/dev/null || { apt-get update -qq && \
		$(WITHOUT_STARTING) apt-get install -y -qq --no-install-recommends docker.io debootstrap >/dev/null; }
	@rm -rf $(DEBIANS).part && mkdir -p $(DEBIANS).part/cli-plugins
	@cd $(DEBIANS).part && \
		unpack() { release=$$1; shift; \
			debootstrap --variant=minbase "$$@" $$release $$release >/dev/null && ( cd $$release && \
			printf 'path-exclude /usr/share/%s/*\n' doc man locale > etc/dpkg/dpkg.cfg.d/docker && \
			printf '%s;\n' 'Dir::Cache::pkgcache ""' 'Dir::Cache::srcpkgcache ""' \
				'APT::Keep-Downloaded-Packages "false"' > etc/apt/apt.conf.d/docker && \
			rm -rf usr/share/doc/* usr/share/man/* usr/share/locale/* var/cache/apt/* var/lib/apt/lists/* && \
			tar -cf ../$$release.tar . ) }; \
		unpack bookworm && unpack trixie && unpack sid --include=rabbitmq-server,prometheus
	@cd $(DEBIANS).part && chroot trixie sh -c "cd /tmp && apt-get update -qq && \
		apt-get download -qq -o APT::Sandbox::User=root docker-compose docker-buildx" && \
		for plugin in trixie/tmp/*.deb; do \
			dpkg-deb --fsys-tarfile $$plugin | \
				tar -xC cli-plugins --strip-components=5 ./usr/libexec/docker/cli-plugins || exit 1; \
		done
	@cd $(DEBIANS).part && rm -rf bookworm trixie sid && cd / && rm -rf $(DEBIANS) && mv $(DEBIANS).part $(DEBIANS)

trial: $(VENV)/.test system ## Try the whole stack of docker-compose.yml, on a Docker of its own (root, Debian; 20 min)
	@[ -d $(DEBIANS) ] || $(MAKE) debians
	@[ -d $(N8N)/node_modules ] || $(MAKE) n8n
	@$(BIN)/python -m pytest -s tests/stack --trial $(TRIAL_FLAGS)

# After `make n8n`, whose Node.js it takes.
n8n-node: ## Build and test the nodes for n8n, and its import (2 min, 700 MB)
	@cd n8n/n8n-nodes-neuroshorts && export $(WITH_ITS_NODE) && \
		{ [ -d node_modules ] || npm ci --silent --no-audit --no-fund; } && \
		npm run --silent lint && npm run --silent build && npm test --silent && node --test ../import.test.mjs

# The variable silences what the theme tells of MkDocs 2, which is not used.
docs: $(VENV)/.docs ## Build the pages of docs/, the reference included, into build/site
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --strict

docs-pictures: $(VENV)/.test ## Draw the workflows as n8n shows them, into docs/pictures (3 min)
	@$(BIN)/python -m tests.pictures docs/pictures/n8n

$(VENV)/.made:
	@python="$(PYTHON)"; \
	fits='import sys, venv, ensurepip; raise SystemExit(sys.version_info < (3, 11))'; \
	for candidate in python3 python3.13 python3.12 python3.11 python; do \
		[ -n "$$python" ] && break; \
		"$$candidate" -c "$$fits" >/dev/null 2>&1 && python="$$candidate"; \
	done; \
	if [ -z "$$python" ]; then \
		echo "No Python 3.11 or newer with the venv module was found." >&2; \
		echo "Debian, Ubuntu: apt-get install python3 python3-venv; macOS: brew install python@3.13;" >&2; \
		echo "or name one: make PYTHON=/path/to/python3" >&2; exit 1; \
	fi; \
	if ! "$$python" -c "$$fits" >/dev/null 2>&1; then \
		echo "$$python is not Python 3.11 or newer, or has no venv module." >&2; exit 1; \
	fi; \
	echo "Making $(VENV) with $$("$$python" --version)"; \
	"$$python" -m venv --clear $(VENV) && printf '%s' "$(CURDIR)" > $@

$(VENV)/.base: requirements/base.txt pyproject.toml src/__init__.py | $(VENV)/.made
	@echo "Installing what the renderer needs (once)"
	@$(PIP) install --require-hashes -r requirements/base.txt
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: requirements/test.txt $(VENV)/.base
	@echo "Installing what the tests need (once)"
	@$(PIP) install --require-hashes -r requirements/test.txt
	@touch $@

$(VENV)/.lint: requirements/lint.txt $(VENV)/.base
	@echo "Installing what the checks need (once)"
	@$(PIP) install --require-hashes -r requirements/lint.txt
	@touch $@

$(VENV)/.service: requirements/service.txt $(VENV)/.base
	@echo "Installing what the service needs (once)"
	@$(PIP) install --require-hashes -r requirements/service.txt
	@touch $@

$(VENV)/.docs: requirements/docs.txt $(VENV)/.service
	@echo "Installing what the pages are built with (once)"
	@$(PIP) install --require-hashes -r requirements/docs.txt
	@touch $@

$(VENV)/.lock: requirements/lock.txt $(VENV)/.base
	@$(PIP) install --require-hashes -r requirements/lock.txt
	@touch $@
