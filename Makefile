# Everything a person does here. Two commands are enough to begin: `make demo` and `make test`.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
BROWSER := $(or $(CHROMIUM),$(shell command -v chromium || command -v chromium-browser || command -v google-chrome))
PIP    := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: help demo test lint docs pictures bench truth format clean

help:  ## what there is
	@awk -F':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# The stamps are files, so a second call installs nothing; they are remade when the pins or the package's needs change.
$(VENV)/.run: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --editable .
	touch $@

$(VENV)/.dev: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --editable '.[dev]'
	touch $@ $(VENV)/.run

$(VENV)/.docs: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) --editable '.[docs]'
	touch $@ $(VENV)/.run

demo: $(VENV)/.run  ## examine the bundled digits and write the report
	$(BIN)/whyfit checkup --html whyfit-report.html --json whyfit-report.json

# Without a browser its tests cannot run, and that is said; CI installs one.
test: $(VENV)/.dev  ## run the tests
	$(if $(BROWSER),,@echo "No Chromium: the tests that open the report in a browser are left out (apt-get install chromium).")
	$(BIN)/python -m pytest $(if $(BROWSER),,-m "not browser")

lint: $(VENV)/.dev  ## style, types, and the directions of imports
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache --no-logo

format: $(VENV)/.dev  ## bring the code into the one form
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Notebooks run when the handbook is built; both languages share the worked cases. Warnings are errors.
docs: $(VENV)/.docs  ## build the handbook in English and Chinese
	$(BIN)/python docs/build.py

pictures: $(VENV)/.dev  ## take the README's pictures anew (needs Chromium)
	mkdir -p build
	$(BIN)/whyfit checkup --budget 1400n --quiet --json build/study.json
	$(BIN)/whyfit watch --quiet --json build/watched.json examples/fading.py
	$(BIN)/python tools/picture.py build/study.json build/watched.json docs/pictures

bench: $(VENV)/.dev  ## run every benchmark beside its peers and write benchmarks/RESULTS.md
	$(BIN)/python benchmarks/all.py

truth: $(VENV)/.dev  ## the long evidence, for hours; resumes where it was stopped
	PYTHONPATH=tests $(BIN)/python -m truth

clean:  ## remove what was built
	rm -rf $(VENV) build dist docs/_build .mypy_cache .ruff_cache .pytest_cache .hypothesis
