"""`make mutate`: break every check of access, one at a time, and see that a test notices.

    python -m tests.mutate [words that the place contains …]

First the permission matrix with everything as it was made, in forks of one process; then, by those tests of its place
that run its line, what was not noticed; and what is left, in the other states of the matrix. docs/mutations.md is
written when everything was tried.
"""

import os
import sys
import time

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
    if not chosen:
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
    rooms: dict[str, list[Point]] = {}
    for point in found:
        rooms.setdefault(point.path, []).append(point)
    lines = [
        "# Broken on purpose",
        "",
        "`make mutate` breaks every filter, condition and check that decides who may, one at a time, and runs the",
        "permission matrix against each, then the tests of that place. Written by the command.",
        "",
        f"Breaks: {len(found)}; noticed by the matrix {len(caught)}, by other tests {len(elsewhere)}.",
        "",
        "| file | breaks | noticed by the matrix | by other tests | by none |",
        "|---|---|---|---|---|",
    ]
    for path, inside in sorted(rooms.items()):
        counts = [sum(p in group for p in inside) for group in (caught, elsewhere, survived)]
        lines.append(f"| {path} | {len(inside)} | {' | '.join(map(str, counts))} |")
    lines += ["", "## Noticed by none", "", "| break | why |", "|---|---|"]
    lines += [f"| {name(p).replace('|', '∣')} | {EQUIVALENT.get(name(p), 'open')} |" for p in survived]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
