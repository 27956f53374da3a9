"""`make mutate`: what the tests need, then every check of access broken in turn (see tests/mutate/__main__.py)."""

import os
import sys

import environment
from steps import ROOT, Steps, command


def mutate() -> None:
    environment.prepare(Steps(3), "run", "build", "test")
    os.chdir(ROOT)
    os.execv(environment.PYTHON, [str(environment.PYTHON), "-m", "tests.mutate", *sys.argv[1:]])


command(mutate)
