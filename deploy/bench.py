"""`make bench`: what the bench needs, then the figures (see tests/bench/__main__.py)."""

import os
import sys

import environment
import webapp
from steps import ROOT, Steps, command


def bench() -> None:
    steps = Steps(4)
    environment.prepare(steps, "run", "build", "test")
    webapp.prepare(steps)
    os.chdir(ROOT)
    os.execv(environment.PYTHON, [str(environment.PYTHON), "-m", "tests.bench", *sys.argv[1:]])


command(bench)
