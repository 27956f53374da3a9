"""A figure as one JSON line, and the machine it was measured on."""

import json
import os
import statistics
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")


def figure(
    name: str, value: float, unit: str, *, baseline: float | None = None, ratio: float | None = None, goal: str = ""
) -> None:
    """Print one figure. The goal is about the ratio where there is one, else about the value."""
    line = {
        "name": name,
        "value": rounded(value),
        "unit": unit,
        "baseline": rounded(baseline),
        "ratio": rounded(ratio),
        "goal": goal or None,
    }
    print(json.dumps(line), flush=True)


def against(name: str, value: float, unit: str, baseline: float, goal: str) -> None:
    """A figure whose ratio is ours to theirs."""
    figure(name, value, unit, baseline=baseline, ratio=value / baseline, goal=goal)


def rounded(number: float | None) -> float | None:
    return None if number is None else float(f"{number:.4g}")


def median(values: Iterable[float]) -> float:
    return statistics.median(values)


def cpu_seconds(pid: int) -> float:
    """Processor time that a process and its ended children have used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(int(fields[n]) for n in (11, 12, 13, 14)) / TICKS


def resident_kib(pid: int) -> float:
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE / 1024


@contextmanager
def circumstances(part: str) -> Iterator[None]:
    """Print what else the machine did meanwhile: a figure from a busy machine is worth less."""
    began, used = time.monotonic(), time.process_time()
    yield
    seconds = time.monotonic() - began
    figure(f"{part}: load average", os.getloadavg()[0], "processes")
    figure(f"{part}: generator's processor share", 100 * (time.process_time() - used) / seconds, "%")
