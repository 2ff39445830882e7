# `make app` opens Regrain on the demo, `make test` runs everything that must hold.
#
#   PYTHON=python3.12   another interpreter (3.11 or newer)
#   TORCH=cpu           PyTorch without CUDA (0.9 GB instead of 6.5); also auto, cu128, ...: any name that
#                       `uv pip install --torch-backend` knows. Without it, pip's usual build is installed.
#   WORKSPACE=DIR       another workspace than data/demo
#   PORT=8501           the port of the app
#   DATA=DIR            where measuring data lie, for `make bench` and for tests that use them

PYTHON ?= python3
TORCH ?=
WORKSPACE ?= data/demo
PORT ?= 8501
BIN := .venv/bin
export DATA

.PHONY: app demo test lint types unit browser bench train-demo format clean help

help:
	@sed -n 's/^#   \{0,1\}//p' Makefile
	@echo "targets: app demo test lint types unit browser bench train-demo format clean"

app: demo
	$(BIN)/regrain --workspace "$(WORKSPACE)" app --port $(PORT)

demo: .venv/.app
	@test "$(WORKSPACE)" != data/demo || $(BIN)/regrain --workspace data/demo demo

test: lint types unit

lint: .venv/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/.dev
	$(BIN)/mypy

unit: .venv/.dev .venv/.chromium
	CHROMIUM="$$(cat .venv/.chromium)" OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

browser: .venv/.dev .venv/.chromium
	CHROMIUM="$$(cat .venv/.chromium)" $(BIN)/python -m pytest tests/browser

bench: .venv/.dev .venv/.chromium
	@CHROMIUM="$$(cat .venv/.chromium)" $(BIN)/python -m tests.benchmarks $(NAME)

train-demo: .venv/.app
	$(BIN)/python -m curation.demo.train

format: .venv/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis *.egg-info

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Regrain needs Python 3.11 or newer: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv

# PyTorch first where a build was asked for: pip then finds its requirement met.
.venv/.torch: .venv/bin/python
	$(if $(TORCH),$(BIN)/python -m pip install -q uv && $(BIN)/uv pip install --torch-backend=$(TORCH) torch torchvision)
	@touch $@

.venv/.app: pyproject.toml .venv/.torch
	$(BIN)/python -m pip install -q -e .
	@touch $@

.venv/.dev: pyproject.toml .venv/.torch
	$(BIN)/python -m pip install -q -e '.[dev]'
	@touch .venv/.app $@

# The path of a Chromium: $CHROMIUM, one on PATH, Debian's (as root), or Playwright's own.
.venv/.chromium: .venv/.dev
	@$(BIN)/python -m tests.browser.chromium > $@.partial && mv $@.partial $@
