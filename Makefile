# Kapwa. `make run` and `make test` need git, make and Swift 6.2 or later; what else they need they install.

SHELL := /bin/bash
.DELETE_ON_ERROR:
.PHONY: help run demo build test test-swift test-seeds test-fuzz test-client test-python test-full test-faults test-fuzz-full test-sanitizers torture overload reload simulate wellbeing format lint packages test-packages venv bench sbom package test-package clean

SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
RELEASE := .build/release/kapwa
DEBUG := .build/debug/kapwa
VENV := $(CURDIR)/.build/venv
RUN_PACKAGES := libzmq3-dev libsimdjson-dev libsqlite3-dev
TEST_PACKAGES := $(RUN_PACKAGES) python3 python3-venv python3-prometheus-client prometheus strace curl openssl

help: ## say what there is
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

run: build ## build Kapwa and play the demo
	$(RELEASE) demo

build: packages ## build the program, optimised
	swift build -c release --product kapwa

TEST_LOGS := $(addprefix .build/,swift-test.log seeds.log fuzz.log client.log pytest.log)

test: test-packages ## everything that must hold, in at most 25 minutes on two cores
	@rm -f $(TEST_LOGS)
	@status=0; $(MAKE) --no-print-directory --keep-going test-swift test-seeds test-fuzz test-client test-python || status=$$?; \
		python3 Tests/summary.py $(TEST_LOGS) && exit $$status

test-swift: test-packages lint
	swift build --build-tests
	set -o pipefail; swift test --skip-build 2>&1 | tee .build/swift-test.log | sed -E '/^(◇|✔ Suite|✔ Test ")/d'

test-seeds: packages
	@mkdir -p .build
	swift build -c release --product seeds
	set -o pipefail; { status=0; for played in 2000 "floors 2000 1 60" "floors 20 1 10000"; do \
		.build/release/seeds $$played || status=1; done; exit $$status; } 2>&1 | tee .build/seeds.log

simulate: packages ## a hundred thousand small worlds and floors where everything goes wrong, with all checks on
	swift build -c release --product seeds
	.build/release/seeds states 6
	.build/release/seeds floors 100 1 10000
	.build/release/seeds floors 100000 1 60
	.build/release/seeds storms 1000
	.build/release/seeds 100000

wellbeing: build ## the days behind docs/wellbeing.md, played again
	$(RELEASE) simulate --rules plain --versus standard --world all --agents 100 --conversations 6700 --seeds 30 \
		--markdown --svg docs/wellbeing.svg
	$(RELEASE) simulate --typhoon --rules unstaggered --versus standard --seeds 5 --markdown

test-fuzz: test-packages
	@mkdir -p .build
	set -o pipefail; Tests/Fuzz/run 2>&1 | tee .build/fuzz.log

test-python: test-packages venv
	swift build --product kapwa
	set -o pipefail; KAPWA_BIN=$(CURDIR)/$(DEBUG) $(VENV)/bin/python -m pytest -q -p no:cacheprovider Tests/EndToEnd \
		2>&1 | tee .build/pytest.log

test-client: test-packages venv
	set -o pipefail; cd clients/python && $(VENV)/bin/python -m pytest -q -p no:cacheprovider \
		2>&1 | tee $(CURDIR)/.build/client.log

test-full: test test-faults test-fuzz-full test-sanitizers ## besides, faults put in on purpose, more floors, any bytes, memory watched
	KAPWA_FULL=1 swift test --skip-build --filter SimulatedFloorTests

test-fuzz-full: test-packages venv ## any bytes for a minute each: texts, lexicons, wire, rules, journals, HTTP
	swift build --product kapwa
	Tests/Fuzz/run 60 scorer lexicon wire rules journal http

test-sanitizers: test-packages ## the Swift tests under Thread Sanitizer and Address Sanitizer
	Tests/Sanitizers/run thread
	Tests/Sanitizers/run address

test-faults: packages ## break the router in 34 named ways and 200 others, and see whether the tests notice
	Tests/Mutants/run canaries
	Tests/Mutants/run mutants

torture: build test-packages venv ## kill the daemon a thousand times and its workers 200 times under load
	KAPWA_BIN=$(CURDIR)/$(RELEASE) $(VENV)/bin/python Tests/EndToEnd/torture.py kill --count 1000
	KAPWA_BIN=$(CURDIR)/$(RELEASE) $(VENV)/bin/python Tests/EndToEnd/torture.py workers --count 200

overload: build test-packages venv ## twice what the daemon can do for ten minutes, clients that come and go, readers that stop
	KAPWA_BIN=$(CURDIR)/$(RELEASE) $(VENV)/bin/python Tests/EndToEnd/storm.py --seconds 600 --drops 10000

reload: build test-packages venv ## read the rules again 200 times under load, half of the files broken
	KAPWA_BIN=$(CURDIR)/$(RELEASE) $(VENV)/bin/python Tests/EndToEnd/reload.py --reloads 200

sbom: build venv ## write what the program is made of, as CycloneDX
	$(VENV)/bin/python deploy/sbom.py --out .build/kapwa.cdx.json

package: packages venv ## pack a .deb and a tarball for people who have no Swift
	@Tests/install debhelper binutils
	swift build -c release --product kapwa --static-swift-stdlib --scratch-path .build/package
	@rm -rf .build/packages
	deploy/package .build/package/release/kapwa .build/package/checkouts $(VENV)/bin/python .build/packages

test-package: package ## install them in a minimal Debian without Swift, run everything there, remove them again
	@Tests/install debootstrap iproute2 systemd-container curl
	$(SUDO) deploy/package-test .build/packages

bench: build ## commands per second through a whole daemon, beside a bare echo
	$(RELEASE) bench wire

fit: build ## learn the weights of Models/lexicons/fitted.tsv again: make fit DATA="a.tsv b.tsv"
	@Models/fit/run $(CURDIR)/$(RELEASE) $(DATA)

lint: ## hold the sources against the format
	swift format lint --strict --recursive Package.swift Sources Tests

format: ## put the sources into the format
	swift format --in-place --recursive Package.swift Sources Tests

packages: ## install the C libraries
	@Tests/install $(RUN_PACKAGES)

test-packages:
	@Tests/install $(TEST_PACKAGES)

venv: $(VENV)/ready

$(VENV)/ready: Tests/requirements.txt
	/usr/bin/python3 -m venv --system-site-packages $(VENV)
	$(VENV)/bin/pip install --quiet --disable-pip-version-check -r Tests/requirements.txt
	touch $@

clean: ## remove what was built
	rm -rf .build
