"""One cell of the matrix: an operation about an object, as one role, in one state, and all that it must be."""

import re
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from pypdf import PdfReader

from portal.kernel.errors import CODES
from portal.kernel.models import Audience, Versioned
from tests import world
from tests.permissions import calls, watch, wire
from tests.permissions.people import People
from tests.permissions.stage import Stage, absent
from tests.permissions.table import MISPLACED, OK, TABLE, Row

API = "/api/v1"
# what differs between any two answers
PER_ANSWER = {"X-Request-Id", "Date"}
# refusals that must not tell hidden from absent
AS_IF_ABSENT = {"not_found", "does_not_exist"}


@dataclass
class Setting:
    """The stage in one state, and what can be said of it once for all cells."""

    stage: Stage
    state: str
    absent_answers: dict[Any, Any] = field(default_factory=dict)
    readable: dict[str, tuple[set[str], set[str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.callers = self.stage.signed_in()
        self.before = watch.database()
        self.cursors = {str(uuid): 0 for uuid in Audience.objects.values_list("uuid", flat=True)}
        self.written = watch.tokens(str(self.before))
        for token in self.written:
            TABLE.object_of(token)
        self.versions = {
            word: str(type(obj)._base_manager.get(pk=obj.pk).version)
            for word, obj in self.stage.objects.items()
            if isinstance(obj, Versioned) and (type(obj)._meta.label, obj.pk) in self.before
        }

    def may_read(self, role: str, row: Row) -> tuple[set[str], set[str]]:
        """The tokens and the names that this role may be told."""
        if role not in self.readable:
            objects = TABLE.objects_of(role, self.state)
            told = {token for token in self.written if TABLE.may_read(token, objects)}
            self.readable[role] = told, {role, *TABLE.names_for(role, self.state)}
        told, names = self.readable[role]
        if row.about in TABLE.objects and role in TABLE.sees(row.about, self.state):
            told = told | {token for token in self.written if TABLE.may_read(token, [row.about])}
        return told, names


def faults(setting: Setting, row: Row, role: str) -> Iterator[str]:
    ids = addressed(setting, row, role)
    with watch.undone() as seen:
        answer = call(setting, row, role, ids)
        code = code_of(answer)
        written = watch.database() != setting.before if seen.wrote else False
    expected = OK if setting.state == MISPLACED else TABLE.answer(row, role, setting.state)
    if setting.state == MISPLACED:
        if answer.status_code < 400:
            yield f"{answer.status_code}: found where it does not lie"
    elif code != expected:
        yield f"{code}, not {expected}: {answer.content[:300]!r}"
    if written and (code != OK or row.is_read):
        yield f"answered {code}, and wrote"
    if setting.state == MISPLACED or (code == expected and must_be_as_if_absent(code, ids)):
        yield from unlike_absent(setting, row, role, ids, answer)
    yield from leaks(setting, row, role, answer)
    if code == OK and setting.state != MISPLACED:
        yield from missing(setting, row, role, answer)
        yield from misoffered(setting, row, role, answer)


def addressed(setting: Setting, row: Row, role: str) -> dict[str, str]:
    ids = dict(setting.stage.ids.get(row.about, {}))
    if setting.state == MISPLACED:
        _, parent, name = re.match(r"\S+ (/([a-z-]+)/\{(\w+)\})", row.operation).groups()  # type: ignore[union-attr]
        outside = setting.stage.own["outsider"][parent]
        own = setting.stage.own.get(role, {}).get(parent, outside)
        # whose organization is the right one, and who would find themself in their own group, is sent to another
        at_home = own == ids[name] or ids.get("person") == mine(setting.stage, role)["me"]
        ids[name] = outside if at_home else own
    return ids


def call(
    setting: Setting,
    row: Row,
    role: str,
    ids: dict[str, str],
    *,
    query: str = "",
    besides: dict[str, Any] | None = None,
) -> Any:
    """The operation or the frame; `besides` goes into its body."""
    stage = setting.stage
    caller = setting.callers[role] if role != "stranger" else world.client()
    if row.is_frame:
        frame = calls.body(row.operation, row.about, role, {**mine(stage, role), **ids, "cursors": setting.cursors})
        session = caller.cookies.get(settings.SESSION_COOKIE_NAME)
        return wire.say({"type": row.operation, **frame, **(besides or {})}, session.value if session else "")
    method, path = row.operation.split(" ", 1)
    headers = {"If-Match": f'"{setting.versions.get(row.about, "1")}"'} if method == "PATCH" else {}
    body = calls.body(row.operation, row.about, role, {**mine(stage, role), **ids})
    if besides:
        body = {**body, **besides}
    path = API + re.sub(r"\{(\w+)\}", lambda match: ids[match[1]], path) + query
    if method == "GET":
        return whole(caller.get(path))
    kept = copy(caller.cookies)
    answer = getattr(caller, method.lower())(path, body, content_type="application/json", headers=headers)
    caller.cookies = kept  # what it wrote is undone, a sign-out too
    return answer


def whole(answer: Any) -> Any:
    """What is streamed, read to its end."""
    if not answer.streaming:
        return answer
    return HttpResponse(b"".join(answer.streaming_content), status=answer.status_code, headers=dict(answer.items()))


def mine(stage: People, role: str) -> dict[str, str]:
    """Who calls, and for which organization they claim to act: their own, or none of theirs."""
    owner = stage.organization["agency"]
    person = stage.person.get(role)
    acting_for = stage.employer.get("group.lead" if role in ("unproven", "locked") else role, owner)
    return {"me": str(person.pk) if person else "", "mine": str(acting_for.pk), "owner": str(owner.pk)}


def code_of(answer: Any) -> str:
    if isinstance(answer, wire.Heard):
        return answer.code
    if answer.status_code < 400:
        return OK
    problem = answer.json()
    assert CODES[problem["code"]][0] == problem["status"] == answer.status_code
    return str(problem["errors"][0]["code"] if problem["errors"] else problem["code"])


def must_be_as_if_absent(code: str, ids: dict[str, str]) -> bool:
    """Who is mentioned is no member, whether or not there is such a person."""
    return code in AS_IF_ABSENT or (code == "not_a_member" and "mention" in ids)


def unlike_absent(setting: Setting, row: Row, role: str, ids: dict[str, str], answer: Any) -> Iterator[str]:
    """What is hidden answers as what never existed: with its parent, too, unless that is the caller's own."""
    never = absent(ids)
    for seen in seen_of(setting, row, ids, answer):
        never[seen] = ids[seen]
    key = (row.operation, role, *sorted(never.items()))
    if key not in setting.absent_answers:
        with watch.undone():
            setting.absent_answers[key] = call(setting, row, role, never)
    other = setting.absent_answers[key]
    if (answer.status_code, answer.content) != (other.status_code, other.content):
        yield f"hidden says {answer.content[:200]!r}, absent {other.content[:200]!r}"
    if head(answer) != head(other):
        yield f"hidden has the headers {head(answer)}, absent {head(other)}"


def seen_of(setting: Setting, row: Row, ids: dict[str, str], answer: Any) -> list[str]:
    """Which of these ids the caller may know: the parent of their own, or all but that which the form refuses."""
    if setting.state == MISPLACED:
        return [key for key in ids if ids[key] != setting.stage.ids[row.about][key]]
    errors = answer.json()["errors"]
    if not errors:
        return []
    faulty = errors[0]["field"]
    return [key for key in ids if key != ("person" if faulty == "people" else faulty.removesuffix("s"))]


def head(answer: Any) -> dict[str, str]:
    return {name: value for name, value in answer.items() if name not in PER_ANSWER}


def written(answer: Any) -> str:
    """What is read in it: on paper, or as it came, frames among them."""
    if not (isinstance(answer, HttpResponse) and answer.headers.get("Content-Type") == "application/pdf"):
        return str(answer.content.decode())
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages)


def leaks(setting: Setting, row: Row, role: str, answer: Any) -> Iterator[str]:
    said = written(answer) + str(dict(answer.items()))
    told, names = setting.may_read(role, row)
    for token in watch.tokens(said) - told:
        yield f"tells [{token}]"
    if role not in ("unproven", "locked"):
        for name in watch.names(said) - names:
            yield f"tells the name of {name}"
        for address in watch.addresses(said) - {role} - addresses_on(setting, row, role):
            yield f"tells the address of {address}"


def addresses_on(setting: Setting, row: Row, role: str) -> set[str]:
    """The two invited addresses: for who manages invitations, and for who holds a link."""
    by_link = {"mailed invitation": {"invited"}, "invitation of nobody": {"nobody"}}.get(row.about, set())
    return {"invited", "nobody"} if role == "owner.administrator" else by_link


def missing(setting: Setting, row: Row, role: str, answer: Any) -> Iterator[str]:
    """What this role sees and this operation shows."""
    said = watch.tokens(written(answer))
    for word in row.shows:
        if role in TABLE.sees(word, setting.state):
            for token in setting.written:
                if TABLE.object_of(token) == word and token not in said:
                    yield f"does not tell [{token}]"


def misoffered(setting: Setting, row: Row, role: str, answer: Any) -> Iterator[str]:
    """The verbs beside an object are those that the table expects to succeed."""
    verbs = TABLE.verbs_of(row.operation)
    if not verbs:
        return
    offered = set(answer.json()["mine"]["allowed"])
    for verb in sorted(offered - set(verbs)):
        yield f"offers {verb}, of which docs/permissions.md says nothing"
    for verb in verbs:
        if (verb in offered) not in TABLE.offered(row, verb, role, setting.state):
            yield f"{'offers' if verb in offered else 'does not offer'} {verb}"
