# The commands of the house. Each prepares what it needs and does nothing twice.

.PHONY: help run test check bench mutate

help:
	@echo "make run    the portal on http://localhost:8000 (PORT=8001 for another port)"
	@echo "make test   every test: SQLite, PostgreSQL, Redis, real servers, real Chromium"
	@echo "            (ARGS='tests/live -k resume' for some of them)"
	@echo "make check  style, types, import rules, generated files, script budget"
	@echo "make bench  figures against simpler things, one JSON line each (ARGS='posts lists' for some)"
	@echo "make mutate every check of access broken in turn: does a test notice? (ARGS='messaging/policy' for some)"
	@echo "PYTHON=/path/to/python3 chooses the interpreter (3.11 or newer)."

run:
	@exec sh deploy/with-python.sh deploy/run.py

test:
	@exec sh deploy/with-python.sh deploy/test.py $(ARGS)

check:
	@exec sh deploy/with-python.sh deploy/check.py

bench:
	@exec sh deploy/with-python.sh deploy/bench.py $(ARGS)

mutate:
	@exec sh deploy/with-python.sh deploy/mutate.py $(ARGS)
