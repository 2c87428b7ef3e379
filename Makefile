# make demo      ECG to checked firmware, on the bundled model; no TensorFlow
# make test      everything that must hold: style, types, tests
# make docs      the site, in build/site/html; a dead link or another warning is an error
# make schemas   docs/reference/schemas anew, after a change of a card, a manifest or a recipe
# make lock      requirements/dev.txt anew, after a change of dependencies
# make release-check  wheel and sdist, tried in clean environments of every Python that is here
# make test-renode  the ELF that is flashed on the simulated nRF52840; needs Renode, by $RENODE or on PATH
# make reference the bundled model, trained and quantized anew (minutes)
# make bench     cost of an inference beside TensorFlow Lite Micro
# make bench-ecg R peaks on reference annotations, beside other detectors (needs ../shared/data or $SPLKIT_DATA)

# Of what is imported, the bytecode is kept: tests start some hundred processes, and each would compile it anew.
export PYTHONDONTWRITEBYTECODE :=

SPLKIT := .venv/bin/splkit
PYTHON := .venv/bin/python

demo: setup-demo
	$(PYTHON) examples/demo.py

# Two processes more than CI has cores: tests wait for QEMU, for signals, for compilers and for each other.
test: setup-dev style
	$(PYTHON) -m pytest -n 4 --dist worksteal

test-renode: setup-dev
	$(PYTHON) -m pytest tests/renode --renode -n 2

docs: setup-dev
	PYTHONPATH=tools $(PYTHON) -m docs_site

lint: style
	$(PYTHON) tools/typecheck.py

style: setup-dev
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	git ls-files '*.[ch]' | xargs .venv/bin/clang-format --dry-run --Werror

format: setup-dev
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .
	git ls-files '*.[ch]' | xargs .venv/bin/clang-format -i

bench: setup-dev
	$(PYTHON) bench/engine.py
	$(PYTHON) bench/field_models.py
	$(PYTHON) bench/portable.py

bench-ecg: setup-dev
	$(PYTHON) bench/rpeaks.py --peers --noise 24 --noise 12 --noise 6 --noise 0
	$(PYTHON) bench/cycles.py
	$(PYTHON) bench/front_end_parity.py
	$(PYTHON) bench/t_waves.py
	$(PYTHON) bench/front_end_cost.py

REFERENCE := quantize/reference
RUN := build/reference

schemas: setup-dev
	PYTHONPATH=tools $(PYTHON) -m docs_site.schema_page

lock: setup-dev
	$(PYTHON) -m pip install --quiet uv
	.venv/bin/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --custom-compile-command "make lock" --output-file requirements/dev.txt --quiet

release-check: setup-dev
	$(PYTHON) tools/release_check.py

reference: setup-dev
	$(SPLKIT) train --recipe $(REFERENCE)/recipe.toml --out $(RUN) --force
	$(SPLKIT) quantize $(RUN) --out $(REFERENCE)/dscrnn_4k.tflite --picture docs/img/reference_quantization.png --force
	cp $(RUN)/learning_curve.png docs/img/reference_learning_curve.png

setup-demo setup-dev: setup-%:
	@tools/setup.sh $*

clean:
	rm -rf build .venv

.PHONY: demo test test-renode docs schemas lock release-check lint style format bench bench-ecg reference setup-demo setup-dev clean
