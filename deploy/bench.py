"""`make bench`: what the bench needs, then the figures (see tests/bench/__main__.py)."""

import os
import sys

import environment
from steps import ROOT, Steps, command


def bench() -> None:
    environment.prepare(Steps(3), "run", "build", "test")
    os.chdir(ROOT)
    os.execv(environment.PYTHON, [str(environment.PYTHON), "-m", "tests.bench", *sys.argv[1:]])


command(bench)
