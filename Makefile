# Needs Python 3.11 or newer, git and a C++ compiler; everything else goes into .venv.

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed

export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help demo test fmt golden docs bench torture clean

help:
	@echo "make demo    learn a skill from a transcript, in a temporary repository"
	@echo "make test    check format, lint and types, run the tests"
	@echo "make fmt     format the code and mend what the linter can"
	@echo "make golden  write the console transcripts of tests/console, and docs, anew"
	@echo "make docs    write the pages of the commands anew, from their help and from the examples"
	@echo "make bench   run the benchmarks"
	@echo "make torture kill writers, tear files, fill disks: the table of what must survive, in 15 minutes"
	@echo "make clean   remove .venv and everything built"

demo: $(INSTALLED)
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh templates/demo/run.sh

test: $(INSTALLED)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/pytest -n 2

fmt: $(INSTALLED)
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

golden: $(INSTALLED)
	SKILLGIT_GOLDEN=write $(BIN)/pytest tests/test_console.py tests/test_reference.py

docs: $(INSTALLED)
	SKILLGIT_GOLDEN=write $(BIN)/pytest tests/test_reference.py

bench: $(INSTALLED)
	@for benchmark in benchmarks/*.py; do echo "== $$benchmark"; $(BIN)/python "$$benchmark" || exit; done

# As root and with strace (on Debian or Ubuntu: apt install strace) every row runs; otherwise some say why they do not.
torture: $(INSTALLED)
	$(BIN)/python -m benchmarks.torture

clean:
	rm -rf $(VENV) dist build .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find skillgit tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

# hnswlib is compiled on the spot: what that needs is looked for first, since pip's own report is a wall of text.
$(INSTALLED): pyproject.toml
	@python=$$(for name in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	    "$$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$name" && break; done); \
	cxx=$$(for name in $${CXX%% *} c++ g++ clang++; do \
	    command -v "$$name" && break; done); \
	fail() { echo "fatal: $$1 (on Debian or Ubuntu: apt install $$2)" >&2; exit 1; }; \
	test -n "$$python" || fail "no Python 3.11 or newer found" "python3 python3-venv python3-dev"; \
	test -n "$$cxx" || fail "no C++ compiler found, hnswlib needs one: install g++ or clang++, or set CXX" g++; \
	"$$python" -c 'import os, sysconfig; open(os.path.join(sysconfig.get_path("include"), "Python.h"))' 2>/dev/null \
	    || fail "Python.h not found, hnswlib needs it" python3-dev; \
	echo "installing skillgit into $(VENV), about a minute the first time"; \
	"$$python" -m venv $(VENV) && \
	$(BIN)/python -m pip install -qq --upgrade 'pip>=25.1' && \
	CXX="$${CXX:-$$cxx}" $(BIN)/python -m pip install -qq --editable . --group dev
	@touch $@
