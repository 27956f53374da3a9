"""`make mutate`: break every check of access, one at a time, and see that a test notices.

    python -m tests.mutate [words that the place contains …]

First the permission matrix with everything as it was made, in forks of one process; then, by those tests of its place
that run its line, what was not noticed; and what is left, in the other states of the matrix. docs/mutations.md then
says what came of it; of files that were not tried whole it goes on saying what it said.
"""

import os
import sys
import time
from collections.abc import Collection

import django

import tests.environment  # noqa: F401 - before Django reads its settings
from tests.mutate.equivalent import EQUIVALENT
from tests.mutate.forked import caught_by_matrix, on_stage
from tests.mutate.placed import caught_by_tests
from tests.mutate.points import ROOT, Point, points

REPORT = ROOT / "docs" / "mutations.md"


def main(chosen: list[str]) -> int:
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.config.settings"
    django.setup()
    from tests.permissions.states import TO
    from tests.permissions.table import NORMAL

    began = time.monotonic()
    found = [point for point in points() if not chosen or any(word in str(point) for word in chosen)]
    print(f"{len(found)} breaks", flush=True)
    tried = [point for point in found if name(point) not in EQUIVALENT]
    with on_stage() as stage:
        caught = caught_by_matrix(stage, NORMAL, tried, tell)
        left = [point for point in tried if point not in caught]
        print(f"\n{len(caught)} noticed by the matrix, {len(left)} left\n", flush=True)
        elsewhere = caught_by_tests(left, tell)
        for state in [state for state in TO if state != NORMAL]:
            left = [point for point in left if point not in caught and point not in elsewhere]
            caught |= caught_by_matrix(stage, state, left, tell)
    survived = [point for point in found if point not in caught and point not in elsewhere]
    unexplained = [point for point in survived if point in tried]
    REPORT.write_text(report(found, caught, elsewhere, survived))
    print("\n".join(f"NOT NOTICED {point}" for point in unexplained))
    minutes = (time.monotonic() - began) / 60
    print(
        f"{len(found)} breaks: {len(caught)} noticed by the matrix, {len(elsewhere)} by other tests, "
        f"{len(survived) - len(unexplained)} change nothing, {len(unexplained)} not noticed; {minutes:.0f} min"
    )
    return 1 if unexplained else 0


def tell(line: str) -> None:
    print(line, flush=True)


def name(point: Point) -> str:
    """Without its line, which moves."""
    return f"{point.path} {point.function}: {point.what}"


def report(found: list[Point], caught: dict[Point, str], elsewhere: dict[Point, str], survived: list[Point]) -> str:
    files: dict[str, list[Point]] = {}
    for point in points():
        files.setdefault(point.path, []).append(point)
    whole = {path: inside for path, inside in files.items() if set(inside) <= set(found)}
    rows = said_before(files.keys() - whole.keys())
    for path, inside in whole.items():
        counts = [sum(p in group for p in inside) for group in (caught, elsewhere, survived)]
        rows.append(f"| {path} | {len(inside)} | {' | '.join(map(str, counts))} |")
    named = [p for p in survived if p.path in whole]
    rows += [f"| {name(p).replace('|', '∣')} | {EQUIVALENT.get(name(p), 'open')} |" for p in named]
    files_rows, breaks = [sorted(row for row in rows if row.count("|") == n) for n in (FILE, BREAK)]
    of_all, matrix, others, _ = (sum(column) for column in zip(*map(numbers, files_rows), strict=True))
    return "\n".join(
        [
            "# Broken on purpose",
            "",
            "`make mutate` breaks every filter, condition and check that decides who may, one at a time, and runs the",
            "permission matrix against each, then the tests of that place. Written by the command.",
            "",
            f"Breaks: {of_all}; noticed by the matrix {matrix}, by other tests {others}.",
            "",
            "| file | breaks | noticed by the matrix | by other tests | by none |",
            "|---|---|---|---|---|",
            *files_rows,
            "",
            "## Noticed by none",
            "",
            "| break | why |",
            "|---|---|",
            *breaks,
            "",
        ]
    )


# a row of the first table, and of the second, has so many bars
FILE, BREAK = 6, 3


def said_before(files: Collection[str]) -> list[str]:
    """The rows about these files, as the report stands."""
    lines = REPORT.read_text().splitlines() if REPORT.exists() else []
    return [line for line in lines if line.startswith("| ") and line[2:].split(" ", 1)[0] in files]


def numbers(row: str) -> list[int]:
    return [int(cell) for cell in row.split("|")[2:-1]]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
