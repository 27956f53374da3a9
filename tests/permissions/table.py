"""docs/permissions.md as data: the expectation of the matrix, which no line of the portal's code takes part in."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
NORMAL, CLOSED, WITHDRAWN, MISPLACED = "normal", "closed", "withdrawn", "misplaced"
OK = "ok"
REFUSED_BEFORE = {"stranger": "not_authenticated", "unproven": "mfa_required", "locked": "session_locked"}
Line = list[str]


@dataclass(frozen=True)
class Row:
    """An operation about an object, and what comes of it for whom."""

    operation: str
    about: str
    may: frozenset[str]
    who_sees_may: bool
    then: dict[str, str]
    besides: list[tuple[str, frozenset[str], str]]
    shows: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.operation, self.about and f"({self.about})"]))

    @property
    def is_nested(self) -> bool:
        return self.operation.count("{") > 1 and self.operation != "PUT /channels/{id}/organizations/{organization}"

    @property
    def is_frame(self) -> bool:
        return " " not in self.operation

    @property
    def is_read(self) -> bool:
        return self.operation.startswith("GET ") or self.operation in ("hello", "ping")


class Table:
    def __init__(self, page: str) -> None:
        self.tables = dict(read(page))
        self.roles = [line[0] for line in self.tables["role"]]
        self.words = {line[0]: line[1] for line in self.tables["word"]}
        self.objects = {line[0]: line for line in self.tables["object"]}
        self.carried = {line[0]: listed(line[1]) for line in self.tables["words of"]}
        self.names = {line[0]: line for line in self.tables["person"]}
        self.still_open = {line[0].replace(" ", "_"): set(line[1].split(", ")) for line in self.tables["of"]}
        self.closings = {line[0]: line[1] for line in self.tables["turned away"]}

    @cached_property
    def operations(self) -> list[Row]:
        return [self.row(line) for line in self.tables["operation"]]

    @cached_property
    def frames(self) -> list[Row]:
        return [self.row(line) for line in self.tables["frame"]]

    @cached_property
    def offers(self) -> dict[tuple[str, str], Line]:
        """By what shows an object and the verb: what it is for or to whom, and the two exceptions."""
        return {(shown, verb): rest for shown, verb, *rest in self.tables["offered by"]}

    @cached_property
    def lists(self) -> list[tuple[Row, list[str]]]:
        """Those that take ids, and the objects that they find."""
        rows = {(row.operation, row.about): row for row in self.operations}
        return [(rows[operation, about], listed(finds)) for operation, about, finds in self.tables["list"]]

    def row(self, line: Line) -> Row:
        operation, about, may, first, closed, withdrawn, besides, shows = line
        who_sees = may == "who sees it"
        return Row(
            operation=operation,
            about=about,
            may=frozenset() if who_sees else self.who(may),
            who_sees_may=who_sees,
            then={NORMAL: first or OK, CLOSED: closed or OK, WITHDRAWN: withdrawn or OK},
            besides=[self.exception(one) for one in besides.split("; ") if one],
            shows=tuple(listed(shows)),
        )

    def exception(self, text: str) -> tuple[str, frozenset[str], str]:
        who, answer = text.split(": ")
        state, _, rest = who.partition(" ")
        if state in (CLOSED, WITHDRAWN):
            return state, self.who(rest), answer
        return "", self.who(who), answer

    @cache  # noqa: B019 - there is one table
    def who(self, text: str) -> frozenset[str]:
        """`a, b but c`: everybody that these words stand for; `but` binds to the word before it."""
        found: set[str] = set()
        for part in listed(text):
            word, *left_out = part.split(" but ")
            found |= self.roles_of(word) - set().union(*map(self.roles_of, left_out))
        return frozenset(found)

    def roles_of(self, word: str) -> set[str]:
        if word in self.words:
            return set(self.who(self.words[word]))
        if word not in self.roles:
            raise LookupError(f"docs/permissions.md speaks of {word!r}, which is neither a role nor a word")
        return {word}

    # what is expected

    def states(self, row: Row) -> list[str]:
        """Those that the object has an end for; what shows many of them, in all."""
        if row.about not in self.objects:
            return [NORMAL, CLOSED, WITHDRAWN] if row.shows else [NORMAL]
        _, _, closed, withdrawn, _ = self.objects[row.about]
        ends = [state for state, how in ((CLOSED, closed), (WITHDRAWN, withdrawn)) if how]
        return [NORMAL, *ends, *([MISPLACED] if row.is_nested else [])]

    def sees(self, about: str, state: str) -> frozenset[str]:
        _, before, _, withdrawn, after = self.objects[about]
        return self.who(after if state == WITHDRAWN and withdrawn else before)

    def answer(self, row: Row, role: str, state: str) -> str:
        sees = self.sees(row.about, state) if row.about in self.objects else None
        may = sees if row.who_sees_may else row.may
        assert may is not None, f"{row} is about nothing that one could see"
        for when, who, answer in row.besides:
            if role in who and when in ("", state):
                return answer
        if role in REFUSED_BEFORE and role not in may:
            return self.closings[role] if row.is_frame else REFUSED_BEFORE[role]
        if sees is not None and role not in sees:
            return "not_found"
        return row.then[state] if role in may else "not_allowed"

    def verbs_of(self, shown: str) -> list[str]:
        return [verb for by, verb in self.offers if by == shown]

    def offered(self, row: Row, verb: str, role: str, state: str) -> set[bool]:
        """Whether what this row shows comes with this verb: either, where an exception or nothing is said."""
        target, refused, left_out = self.offers.get((str(row), verb)) or self.offers[row.operation, verb]
        if not re.match("[A-Z]+ /", target):
            return {role in self.who(target), state == NORMAL and role in self.who(target)}
        answers = [
            self.answer(other, role, state)
            for other in self.operations
            if (other.operation, other.about) == (target, row.about)
        ]
        if not answers:
            return {True, False}
        exceptions = {OK} if left_out else set(listed(refused))
        return {answers == [OK], (answers == [OK]) != (answers[0] in exceptions)}

    def objects_of(self, role: str, state: str) -> set[str]:
        """What a role sees; what is held by a link is seen only by following it."""
        by_link = {row.about for row in self.operations if "{token}" in row.operation}
        return {word for word in self.objects if word not in by_link and role in self.sees(word, state)}

    def may_read(self, token: str, objects: Iterable[str]) -> bool:
        """Whether one of these objects says this word, such as `request note`."""
        carriers = {word for said, on in self.carried.items() if token.startswith(said) for word in on}
        return bool(({self.object_of(token)} | carriers) & set(objects))

    def object_of(self, token: str) -> str:
        found = [word for word in self.objects if token.startswith(word)]
        if not found:
            raise LookupError(f"[{token}] belongs to none of the objects in docs/permissions.md")
        return max(found, key=len)

    def names_for(self, role: str, state: str) -> set[str]:
        """Whose names this role may read, besides their own."""
        at = {CLOSED: 2, WITHDRAWN: 3}.get(state, 1)
        return {person for person, line in self.names.items() if role in self.who(line[at] or line[1])}


def read(page: str) -> Iterable[tuple[str, list[Line]]]:
    """Tables by their first heading; those under the same one are one."""
    found: dict[str, list[Line]] = {}
    inside = ""
    for line in page.splitlines():
        cells = [cell.strip() for cell in line.split("|")[1:-1]]
        if not cells:
            inside = ""
        elif not inside:
            inside = cells[0]
            found.setdefault(inside, [])
        elif not re.fullmatch("-+", cells[0]):
            found[inside].append(cells)
    return found.items()


def listed(text: str) -> list[str]:
    return [part for part in text.split(", ") if part]


TABLE = Table(PAGE.read_text())
