# The menu: "make" prints it. A fresh machine needs Git, Go and make; a C compiler is not used.

export CGO_ENABLED := 0

FUZZTIME ?= 30s
BENCH    ?= .
COUNT    ?= 1
PKG      ?= ./...

# What computes a run's bits, to be tested once more for each way of compiling it: the kernels and the model in full, the
# trainer by its digests, and in the long tier a whole run by its own.
KERNELS := ./core/num ./core/model
DIGESTS := -run 'Digests|OnPolicy' ./core/train
WHOLE   := -run Digests ./core/study
# What "make vet" has looked at needs no second look, and what only debuggers read need not be linked.
TEST := go test -vet=off -ldflags='-s -w'
# A module of its own, which adds to the catalogue from outside.
OUTSIDE := docs/examples/own

.PHONY: help
help: ## Print this menu
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

.PHONY: play
play: ## Build the playground and serve it on this machine: open http://localhost:8080
	go run .

.PHONY: dist
dist: ## Write the playground into dist/, as plain files for any static host
	go run . --dist dist

# The link of any experiment. The same file is a page for every student: it needs no server.
LINK ?= whose_words

.PHONY: onefile
onefile: ## Write one experiment as a page that needs no server, bin/onefile.html; choose with LINK=memorise
	go run . --onefile '$(LINK)' --out bin/onefile.html

.PHONY: build
build: ## Build the command line as bin/posttrain
	go build -o bin/posttrain ./cmd/posttrain

# What is given away: the same bytes whoever builds it, from the same revision with the same version of Go.
RELEASE   ?= bin/release
PLATFORMS ?= linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64 windows/arm64
VERSION    = $(shell sed -n 's/^const version = "\(.*\)"/\1/p' cmd/posttrain/version.go)

.PHONY: release
release: ## Build the command line for six platforms into bin/release, with checksums
	@rm -rf '$(RELEASE)' && mkdir -p '$(RELEASE)'
	@set -e; for platform in $(PLATFORMS); do \
		export GOOS=$${platform%/*} GOARCH=$${platform#*/} GOFLAGS= GOAMD64= GOARM64=; \
		name=posttrain-$(VERSION)-$$GOOS-$$GOARCH; if [ $$GOOS = windows ]; then name=$$name.exe; fi; \
		echo "building $$name"; \
		go build -trimpath -buildvcs=true -ldflags='-s -w -buildid=' -o '$(RELEASE)'/$$name ./cmd/posttrain; \
	done
	@cd '$(RELEASE)' && if command -v sha256sum >/dev/null; then sha256sum posttrain-*; else shasum -a 256 posttrain-*; fi | tee SHA256SUMS

.PHONY: run
run: build ## Build it and run the exhibit memorise
	bin/posttrain run memorise

# Every step is quick when nothing has changed: the go command remembers what it built, vetted and tested.
# gen-check needs no line here: "go test ./..." has it.
.PHONY: test
# Compilers and tests live briefly: collecting garbage less often saves compilers a tenth of their time, and some tests a quarter.
# Where memory is short, give another GOGC.
test: export GOGC ?= 400
test: ## Check formatting, vet, and test everything, portable and vector kernels, and in a browser (up to 15 minutes)
	@$(MAKE) --no-print-directory bin/wasmexec # first: two commands at once would both compile what they share
	@$(MAKE) --no-print-directory -j2 fmt-check vet chromium
	@$(MAKE) --no-print-directory -j2 test-page test-go

# The tests of the page often wait for a browser, so the others run beside them. What is timed is in "make verify".
.PHONY: test-page
test-page:
	$(TEST) -timeout 60m ./e2e

.PHONY: test-go
test-go:
	$(TEST) $$(go list ./... | grep -v '/e2e$$')
	cd $(OUTSIDE) && $(TEST) ./...
	@$(MAKE) --no-print-directory test-again

# What a run's bits come from, compiled in other ways.
.PHONY: test-again
test-again: test-wasm
	@$(TEST) -v -run '^TestBackends$$' ./core/num | grep -E 'tested|FAIL'
	$(TEST) -tags purego $(KERNELS)
	$(TEST) -tags purego $(DIGESTS)

# GOAMD64=v3 lets the compiler fuse multiply-adds where the source allows it: the results must stay the same. In "make test"
# core/internal/archtest looks for fused instructions in what is compiled for arm64.
.PHONY: test-v3
test-v3:
	@if [ "$$(go env GOARCH)" != amd64 ]; then \
		echo "GOAMD64=v3 is for amd64 only: not run on $$(go env GOARCH)"; exit 0; \
	fi; \
	if [ -r /proc/cpuinfo ]; then for flag in avx2 bmi2 fma; do \
		grep -qw $$flag /proc/cpuinfo || { \
			echo "this processor has no $$flag, so it cannot run what is compiled with GOAMD64=v3: run make test on a newer one" >&2; \
			exit 1; }; \
	done; fi; \
	export GOAMD64=v3; set -ex; $(TEST) $(KERNELS); $(TEST) $(DIGESTS)

# The page's build in a real browser, with the vector kernels. The go command
# remembers these results too: bin/wasmexec tells it what they depend on. What is not ours is compiled as site/site.go does, so once.
# An example writes what it prints to a temporary file, which it cannot in a browser.
BROWSER := GOOS=js GOARCH=wasm $(TEST) -exec '$(CURDIR)/bin/wasmexec'
IN_BROWSER := $(BROWSER) -skip ^Example -trimpath -gcflags=all=-l -gcflags=github.com/posttrain/posttrain/...=

.PHONY: test-wasm
test-wasm: bin/wasmexec chromium
	$(IN_BROWSER) $(KERNELS)
	$(IN_BROWSER) $(DIGESTS)

# The whole exhibit memorise, however it is compiled, and the kernels in a browser that has none for vectors.
.PHONY: test-whole
test-whole: bin/wasmexec chromium
	$(TEST) -tags purego $(WHOLE)
	if [ "$$(go env GOARCH)" = amd64 ]; then GOAMD64=v3 $(TEST) $(WHOLE); fi
	$(IN_BROWSER) $(WHOLE)
	$(IN_BROWSER) -tags purego ./core/num

.PHONY: bench-wasm
bench-wasm: bin/wasmexec chromium ## Run benchmarks in a browser: products, vector kernels against plain Go, and the reference work
	$(BROWSER) -run '^$$' -bench 'MatMul/m=2048.*/(go|wasm_simd128)$$' -benchtime 2s -count $(COUNT) ./core/num
	$(BROWSER) -run '^$$' -bench Work -benchtime 2s -count $(COUNT) ./core/workload

# Made anew only when it changes: the results that the go command remembers depend on it.
bin/wasmexec: $(wildcard e2e/browser/*.go e2e/wasmexec/*.go e2e/wasmexec/page/*) go.mod
	go build -buildvcs=false -o $@ ./e2e/wasmexec

# $(call install,for what,package of apt,of dnf,of apk) installs a package with the system's own manager, if it is one of these.
define install
	root=; if [ "$$(id -u)" != 0 ]; then root=sudo; fi; \
	echo "installing $(2), $(1)"; \
	if command -v apt-get >/dev/null; then \
		$$root apt-get update -qq && $$root apt-get install -qq --yes --no-install-recommends $(2) >/dev/null; \
	elif command -v dnf >/dev/null; then $$root dnf install --quiet --assumeyes $(3); \
	elif command -v apk >/dev/null; then $$root apk add --quiet $(4); \
	fi
endef

# Installed when there is none: Chromium, or a browser made from it.
.PHONY: chromium
chromium: bin/wasmexec
	@if bin/wasmexec -find >/dev/null 2>&1; then exit 0; fi; \
	$(call install,to test the page's build,chromium,chromium,chromium); \
	bin/wasmexec -find >/dev/null

.PHONY: shots
shots: chromium ## Take pictures of the page into bin/shots, and the README's into docs/shots
	go test -tags shots -count 1 -timeout 90m -run TestShots ./e2e

# The long tier asks a second browser.
.PHONY: firefox
firefox:
	@if command -v firefox-esr >/dev/null; then exit 0; fi; \
	$(call install,to test the page in another browser,firefox-esr,firefox-esr,firefox-esr); \
	command -v firefox-esr >/dev/null || { \
		echo "the long tier needs firefox-esr, and it could not be installed: install it and run make again" >&2; exit 1; }

# It also asks PyTorch what it makes of a model that was exported. The package is for the system's own Python.
.PHONY: torch
torch:
	@if /usr/bin/python3 -c 'import torch' 2>/dev/null || python3 -c 'import torch' 2>/dev/null; then exit 0; fi; \
	$(call install,to compare exported models with PyTorch,python3-torch,python3-torch,py3-pytorch); \
	/usr/bin/python3 -c 'import torch' || { \
		echo "the long tier needs PyTorch, and it could not be installed: install python3-torch and run make again" >&2; exit 1; }

# Studies run on a real Slurm, of which the tests start one of their own.
.PHONY: slurm
slurm:
	@if command -v slurmctld >/dev/null && command -v slurmd >/dev/null && command -v munged >/dev/null; then exit 0; fi; \
	$(call install,to run studies on Slurm,slurm-wlm munge,slurm-slurmctld slurm-slurmd munge,slurm munge); \
	command -v slurmctld >/dev/null || { \
		echo "the long tier needs Slurm, and it could not be installed: install slurm-wlm and munge and run make again" >&2; exit 1; }

# Pages of other hosts are built with the programs that courses build theirs with.
.PHONY: npm
npm:
	@if command -v npm >/dev/null; then exit 0; fi; \
	$(call install,to build course pages with a lab in them,npm,npm,npm); \
	command -v npm >/dev/null || { \
		echo "the long tier needs npm, and it could not be installed: install it and run make again" >&2; exit 1; }

.PHONY: verify
verify: firefox torch slurm npm test-arm64 test-v3 test-whole ## The long tier: arm64 under emulation, the page's build, then what trains for real (up to 80 minutes)
	go test -p 1 -tags verify -timeout 70m -run Verify ./...

.PHONY: test-arm64
test-arm64:
	@if [ "$$(go env GOHOSTARCH)" = arm64 ]; then go test $(KERNELS) && go test $(DIGESTS) && go test $(WHOLE); exit; fi; \
	$(MAKE) --no-print-directory qemu && export GOOS=linux GOARCH=arm64; set -ex; \
	go test -exec qemu-aarch64 $(KERNELS); go test -tags purego -exec qemu-aarch64 $(KERNELS); \
	go test -exec qemu-aarch64 $(DIGESTS); go test -timeout 45m -exec qemu-aarch64 $(WHOLE) -threads 4

# qemu runs programs for arm64 on a Linux machine of another kind.
.PHONY: qemu
qemu:
	@if command -v qemu-aarch64 >/dev/null; then exit 0; fi; \
	$(call install,to run arm64 programs here,qemu-user,qemu-user,qemu-aarch64); \
	command -v qemu-aarch64 >/dev/null || { \
		echo "arm64 programs need qemu-aarch64 here, and it could not be installed: install your system's qemu-user package and run make again" >&2; \
		exit 1; }

.PHONY: fuzz
fuzz: ## Fuzz every target for FUZZTIME, 30s unless given
	@list=$$(go test -list '^Fuzz' $(PKG)) || { echo "$$list" >&2; exit 1; }; \
	echo "$$list" | awk '/^Fuzz/ { names[++n] = $$1 } /^ok/ { for (i = 1; i <= n; i++) print $$2, names[i]; n = 0 }' | \
	while read -r pkg target; do \
		echo "go test -fuzz $$target $$pkg"; \
		go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$pkg" </dev/null || exit 1; \
	done

.PHONY: bench
bench: ## Run the benchmarks; choose with BENCH=regexp PKG=./core/num COUNT=6
	go test -run '^$$' -bench '$(BENCH)' -benchmem -count $(COUNT) $(PKG)

.PHONY: bench-torch
bench-torch: build ## Compare with PyTorch on one thread, in turns; choose with MODELS=small,medium TURNS=3
	/usr/bin/env PATH="/usr/bin:$$PATH" python3 core/workload/testdata/torch_work.py bin/posttrain --models $(MODELS) --turns $(TURNS)

MODELS ?= small,medium
TURNS  ?= 3

.PHONY: bench-scale
bench-scale: build ## Measure how cost grows with weights and tokens, into docs/scale.svg and docs/scale.csv
	bin/posttrain bench --scale docs --threads 1 --rounds 3

.PHONY: lint
lint: fmt-check vet types ## Check formatting, vet for every platform and tag, run staticcheck, and check the types of scripts
	go vet -tags purego $(KERNELS) ./core/train ./core/study
	GOARCH=arm64 go vet ./...
	GOOS=js GOARCH=wasm go vet ./core/...
	GOOS=js GOARCH=wasm go vet -tags page ./wasm/... # tests of core are for programs that have everything in them
	GOOS=js GOARCH=wasm go vet -tags page,scripts ./wasm/trainer
	go tool staticcheck ./...

# Scripts say their types in comments, and those of messages are written from Go: site/types. The compiler only checks.
TYPESCRIPT := typescript@7.0.2
TSC := bin/$(TYPESCRIPT)/node_modules/.bin/tsc

.PHONY: types
types: $(TSC)
	$(TSC) -p site

$(TSC):
	@command -v npm >/dev/null || { $(call install,to check the types of scripts,npm,npm,npm); }
	npm install --prefix bin/$(TYPESCRIPT) --no-save --no-audit --no-fund --silent $(TYPESCRIPT)

.PHONY: gen
gen: ## Write all generated files anew
	go generate ./studies # first, since pages in docs are made from it
	go generate ./...

.PHONY: gen-check
gen-check: ## Check that generated files are what their generators write
	go test -run TestGeneratedFilesAreCurrent ./core/internal/archtest
	go test -run TestEvidence ./studies
	go test -run TestDocs ./cmd/posttrain
	go test -run TestMessageTypes ./site

.PHONY: clean
clean: ## Remove what was built
	rm -rf bin dist out

.PHONY: fmt-check
fmt-check:
	@files=$$("$$(go env GOROOT)/bin/gofmt" -l .) || exit 1; \
	if [ -n "$$files" ]; then echo "gofmt would change these: run gofmt -w on them"; echo "$$files"; exit 1; fi

# With the tags of the long tier, so that it compiles whenever the short one passes. "make lint" vets for other platforms too.
.PHONY: vet
vet:
	go vet -tags verify,shots ./...
	cd $(OUTSIDE) && go vet ./...
