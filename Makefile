# Every target that needs the environment makes it first, from nothing if need be (bootstrap.py).
# Choose the Python with PYTHON=..., hand options on with ARGS=..., as in:
#     make lab PYTHON=python3.12 ARGS="--no-browser --port 8890"

.DEFAULT_GOAL := help
.PHONY: help setup lab-setup lab test test-quick build site online release slides films translate check claims bench doctor hub hub-rehearsal environment lock clean
unexport PYTHONPATH PYTHONHOME
BIN := .venv/bin
ARGS ?=
UV ?= uv
COMPILE = $(UV) pip compile --universal --python-version 3.10 --generate-hashes --no-emit-index-url \
    --no-header --quiet --override deploy/lock/overrides.in

help: ## Explain these targets
	@echo "Carousel: from vanishing gradients to the LSTM and the GRU. Start with: make lab"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo
	@echo "  PYTHON=python3.12 chooses the Python (3.10 to 3.13); ARGS=\"...\" hands options on."

setup: ## Make or update the environment in .venv, with all that anything here needs
	@$(call bootstrap)

# What `make lab` needs is a part of it.
lab-setup:
	@$(call bootstrap,--lab)

define bootstrap
for python in "$(PYTHON)" python3 python3.12 python3.11 python3.13 python3.10 python; do \
    if "$$python" -c "import sys; sys.exit(sys.version_info < (3, 6))" 2>/dev/null; then \
        exec "$$python" bootstrap.py --python "$(PYTHON)" $(1); \
    fi; \
done; \
echo "No Python 3 was found: install Python 3.10 to 3.13 (https://www.python.org/downloads/)." >&2; \
exit 1
endef

lab: lab-setup ## Open the course in JupyterLab, as a workbook of your own
	@$(BIN)/course lab $(ARGS)

test: setup ## Test everything, every notebook included
	@$(BIN)/python -m pytest $(ARGS)

test-quick: setup ## Test what one edits, in about a minute: cells, tasks, feedback, claims, rules, style
	@$(BIN)/python -m pytest --quick $(ARGS)

build: setup ## Rebuild the notebooks whose sources changed
	@$(BIN)/course build $(ARGS)

site: setup ## Make the course's pages in build/site (ARGS=--open opens them)
	@$(BIN)/course site $(ARGS)

online: setup ## Make the notebooks for Colab and Kaggle in build/online, and README's badges
	@$(BIN)/python -m course_utils.delivery.authoring.online

release: setup ## Make sdist, wheel, pages, slides, PDF and EPUB in build/release
	@$(BIN)/python -m course_utils.delivery.authoring.release $(ARGS)

slides: setup ## Make the slides of all lessons in build/slides (ARGS=04: of one)
	@$(BIN)/course slides $(ARGS)

translate: setup ## Bring the catalogs of translations up to date (ARGS=--check: what is wrong)
	@$(BIN)/course translate $(ARGS)

films: setup ## Draw the animated cells of docs/images again
	@$(BIN)/python -m course_utils.player.film

check: setup ## Check style and notebooks without running them
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet
	@$(BIN)/course check $(ARGS)

claims: setup ## Judge the papers' claims by the stored runs, and make 20 of these again, drawn at random
	@$(BIN)/course claims
	@$(BIN)/course sweep all --again 20 $(ARGS)

bench: setup ## Measure cells against Keras and the machine, tasks, the marking of a class (ARGS=--quick)
	@$(BIN)/python benchmarks/cells.py $(ARGS)
	@$(BIN)/python benchmarks/fading.py $(filter --quick,$(ARGS))
	@$(BIN)/python benchmarks/tasks.py $(filter --quick,$(ARGS))
	@$(BIN)/python benchmarks/grading.py $(filter --quick,$(ARGS))

doctor: lab-setup ## Look for what is wrong with the machine or the environment (ARGS=--workshop: for a workshop)
	@$(BIN)/course doctor $(ARGS)

hub: setup ## Serve the course to a class from this machine (docs/hub.md)
	@$(BIN)/course hub $(ARGS)

hub-rehearsal: setup ## Rehearse a workshop with simulated learners (ARGS="--learners 20")
	@$(BIN)/course rehearse $(ARGS)

environment: setup ## Write environment.yml, for conda, from pyproject.toml
	@$(BIN)/python -m course_utils.delivery.authoring.environment

lock: ## Write the two locks from pyproject.toml (needs uv; ARGS=--upgrade for newer versions)
	@command -v $(UV) >/dev/null || { echo "make lock needs uv: pip install uv" >&2; exit 1; }
	$(COMPILE) --extra test $(ARGS) pyproject.toml deploy/lock/added.in -o requirements.lock
	$(COMPILE) --extra keras --constraint requirements.lock pyproject.toml deploy/lock/added.in -o requirements-lab.lock

clean: ## Remove the environment and all caches; your workbook stays
	rm -rf .venv .venv.state .venv.log .pytest_cache .ruff_cache .hypothesis build *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
