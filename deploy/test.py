"""`make test`: what the tests need, then all of them (see tests/__main__.py)."""

import os
import sys

import environment
import webapp
from steps import ROOT, Steps, command


def test() -> None:
    steps = Steps(4)
    environment.prepare(steps, "run", "build", "test")
    webapp.prepare(steps)
    os.chdir(ROOT)
    os.execve(
        environment.PYTHON,
        [str(environment.PYTHON), "-m", "tests", *sys.argv[1:]],
        {**os.environ, **webapp.node_environment()},
    )


command(test)
