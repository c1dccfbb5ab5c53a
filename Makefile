# `make run` starts the program, `make test` passes every test. Both install what is missing first, and say so.
SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
.NOTPARALLEL:
.PHONY: help run test check soak bench setup ui types sqlx-prepare icons clean

STEP := scripts/step.sh
NPM := npm --prefix ui run --silent
export PATH := $(CURDIR)/target/tools/bin:$(PATH)
export CARGO_TERM_COLOR ?= auto
# What is compiled is what was checked in: no database is asked, no lock file is changed.
export SQLX_OFFLINE := true

help:
	@printf '%s\n' \
	  'make run           start the program (with no display: under Xvfb, with a screenshot; RUN_SECONDS=n stops it)' \
	  'make test          every check and test' \
	  'make check         only the fast checks of make test' \
	  'make soak          days of a studio simulated, thousands of times (SEEDS=n; SEED=n replays one)' \
	  'make bench         the benchmarks' \
	  'make setup         install what is missing, and nothing else' \
	  'make ui            build the interface into ui/dist' \
	  'make types         write the TypeScript types from Rust' \
	  'make sqlx-prepare  write the prepared queries of each crate' \
	  'make icons         draw the icons from icons/agenda-sede.svg' \
	  'make clean         remove what was built'

setup:
	@scripts/setup.sh

ui:
	@scripts/setup.sh packages ui
	@$(STEP) 'Building the interface' $(NPM) build

run: ui
	@printf '· Building the program (the first time takes some minutes)\n'
	@cargo build --quiet --locked --package agenda-sede
	@scripts/run.sh

# The shell compiles the pages into itself: the interface is built before anything in Rust is checked.
check: setup
	@$(STEP) 'Rust: format' cargo fmt --all --check
	@$(STEP) 'Interface: format' $(NPM) format:check
	@$(STEP) 'Interface: lint' $(NPM) lint
	@$(STEP) 'Interface: types' $(NPM) check
	@$(STEP) 'Interface: tests' $(NPM) test
	@$(STEP) 'Interface: build' $(NPM) build
	@$(STEP) 'Licences and banned crates' cargo deny --locked --log-level error check licenses bans sources
	@$(STEP) 'Rust: clippy' cargo clippy --quiet --locked --workspace --all-targets -- --deny warnings
	@RUSTDOCFLAGS='--deny warnings' $(STEP) 'Rust: documentation' cargo doc --quiet --locked --workspace --no-deps
	@$(STEP) 'Prepared queries are those of the migrations' scripts/sqlx.sh --check
	@$(STEP) 'TypeScript types are those of Rust' scripts/types.sh --check

test: check
	@$(STEP) --show 'Rust: tests' scripts/test-rust.sh
	@$(STEP) --show 'The installer for Windows, under Wine' scripts/windows/test-installer.sh
	@$(STEP) --show 'End to end, in the real window' scripts/test-e2e.sh

soak: setup
	@test -f ui/dist/index.html || $(NPM) build
	@SEEDS=$${SEEDS:-5000} cargo test --quiet --locked --package agenda-sede-tests --test simulator -- --nocapture

bench: setup
	@test -f ui/dist/index.html || $(NPM) build
	@scripts/bench.sh

types:
	@scripts/types.sh

sqlx-prepare:
	@scripts/setup.sh packages test-packages tools
	@scripts/sqlx.sh

icons:
	@scripts/icons.sh

clean:
	cargo clean
	rm -rf ui/dist ui/node_modules
