# Steledesk. `make run` starts the whole product on this machine; `make test` passes every test.
# Both do all set-up themselves on a machine with Go, Node and, for test, Debian's packages.

GO       ?= go
ENGINE   := infra/local/node_modules/.installed
SUDO     := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
LINTERS  := $(CURDIR)/build/linters
# Small binaries that change only when their code does: see DECISIONS.md.
BUILD    := CGO_ENABLED=0 GOFLAGS="-tags=lambda.norpc -trimpath -buildvcs=false '-ldflags=-s -w'"

.PHONY: run test lint bench fuzz torture deploy browser papers engine clean help

help: ## this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

run: engine ## build the functions and run the whole product here
	@echo "Building the local host (the first time takes a minute or two) …"
	@$(GO) build -o build/steledesk-local ./infra/local && exec build/steledesk-local

test: engine browser papers ## every test, those in a real browser and in LibreOffice too
	$(GO) test -timeout 20m ./...

lint: ## gofmt, vet, staticcheck, cfn-lint, the function budgets
	@bad=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$bad" ] || { echo "not gofmt-ed:"; echo "$$bad"; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
	@command -v cfn-lint >/dev/null || [ -x $(LINTERS)/bin/cfn-lint ] || { \
	  echo "Installing cfn-lint …"; python3 -m venv $(LINTERS) && $(LINTERS)/bin/pip install -q cfn-lint==1.51.0; }
	PATH="$$PATH:$(LINTERS)/bin" cfn-lint template.yaml
	$(GO) run ./infra/budget

bench: engine browser ## calls, capacity, latency, cold starts and sizes, measured
	$(GO) run ./infra/bench

fuzz: engine ## every fuzz target, one after the other: FUZZ=20s each for so long, ONLY='functions/' some of them
	$(GO) run ./infra/fuzz -n $(or $(FUZZ),1000000x) $(if $(ONLY),-only '$(ONLY)')

torture: engine ## everything that can go wrong, at once: SEED=… does a run again, ARGS='-filings 500 -only faults' a part
	$(GO) run ./infra/torture $(if $(SEED),-seed $(SEED)) $(ARGS)

deploy: ## build with SAM and deploy to the account of the usual AWS settings
	$(BUILD) sam build
	sam deploy --stack-name steledesk --capabilities CAPABILITY_IAM CAPABILITY_AUTO_EXPAND --resolve-s3

engine: $(ENGINE)

$(ENGINE): infra/local/package.json infra/local/package-lock.json
	@echo "Installing the DynamoDB engine …"
	@cd infra/local && npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.installed

browser: ## Chromium, Chinese fonts and openssl, where they are missing
	@command -v chromium >/dev/null && command -v openssl >/dev/null && fc-list 2>/dev/null | grep -qi 'cjk\|noto sans sc' || { \
	  echo "Installing Chromium and fonts …"; $(SUDO) apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk fontconfig openssl >/dev/null; }

browser: infra/browsertest/node_modules/.installed

papers: ## LibreOffice and poppler, where they are missing: tests read documents and workbooks with them
	@at=$$(dirname "$$(readlink -f "$$(command -v soffice)")"); [ -e "$$at/libswlo.so" ] && [ -e "$$at/libsclo.so" ] && command -v pdftotext >/dev/null && \
	  fc-list 2>/dev/null | grep -qi 'cjk\|noto sans sc' || { \
	  echo "Installing LibreOffice …"; $(SUDO) apt-get update -qq && \
	  DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends libreoffice-writer-nogui libreoffice-calc-nogui poppler-utils fonts-noto-cjk fontconfig >/dev/null; }

infra/browsertest/node_modules/.installed: infra/browsertest/package.json infra/browsertest/package-lock.json
	@echo "Installing axe-core …"
	@cd infra/browsertest && npm ci --no-audit --no-fund --loglevel=error && touch node_modules/.installed

clean: ## everything built or installed here; what lasts (.local) stays
	rm -rf build .aws-sam infra/local/node_modules infra/browsertest/node_modules
