"""Page 1 of a list, as ordinary members, while the network grows from 20,000 requests to a million.

The baseline is guardian's `get_objects_for_user` over its generic rows: the same grants of the same
requests, kept once more in the table that guardian ships with.
"""

import random
import time
from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from guardian.shortcuts import get_objects_for_user

from coordination.requests.models import Request
from coordination.requests.policy import REQUESTS
from coordination.working_groups import services as working_groups
from portal.kernel.grants import view_permission
from portal.kernel.models import Audience, Network
from portal.kernel.writing import Actor
from tests import world
from tests.bench.fan_out import Contender
from tests.bench.figures import against, figure, median
from tests.bench.posts import Line
from tests.bench.worlds import cookie

SIZES = (20_000, 200_000, 1_000_000)
ORGANIZATIONS, GROUPS, READERS, ROUNDS, PAGE = 60, 40, 15, 3, 50


class PlainRequest(models.Model):
    """The same table, to guardian a model like any other: its grants are looked up in the generic rows."""

    id = models.UUIDField(primary_key=True)

    class Meta:
        app_label = "bench"
        managed = False
        db_table = Request._meta.db_table


def people() -> list[Any]:
    """Ordinary members, each of one organization and up to eight working groups."""
    organizations = [world.organization(f"List organization {n}") for n in range(ORGANIZATIONS)]
    readers = [world.person(o, "coordinator", f"Reader {n}") for n, o in enumerate(organizations[:READERS])]
    founder = world.person(organizations[-1], "coordinator", "Founder")
    for number in range(GROUPS):
        group = working_groups.create_working_group(
            Actor(founder, organizations[-1]), name=f"List group {number}", group_kind="housing"
        )
        for reader, organization in zip(readers, organizations, strict=False):
            if random.random() < 0.1:
                asked = working_groups.apply_to_join(Actor(reader, organization), group, [reader])
                working_groups.accept_application(Actor(founder), asked)
    return readers


# ids in the order of time, as UUIDv7 are
FILL = """
INSERT INTO {requests} (id, version, owner_id, posted_by_id, posted_at, request_kind, details, note, places,
                        places_taken, pick, exercise, state, acknowledge_by, answer_by, expires_at, escalated_to,
                        outcome, outcome_note)
SELECT (lpad(to_hex(1750000000000 + n), 12, '0') || '7' || substr(md5(n::text), 1, 3)
        || '8' || substr(md5(n::text), 4, 15))::uuid,
       1, (%(owners)s::uuid[])[1 + n %% array_length(%(owners)s::uuid[], 1)], %(poster)s, now(), 'information_request',
       '{{"topic": "services", "question": "Who has a van?"}}', '', 1, 0, false, false, 'open', now(),
       now(), now() + interval '1 year', '', '', ''
FROM generate_series(%(first)s, %(last)s) AS n
"""
SHARE = """
INSERT INTO {grants} (permission_id, group_id, content_object_id)
SELECT DISTINCT %(permission)s, a.audience, r.id
FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM {requests} WHERE id > %(after)s) AS r,
     LATERAL (SELECT (%(audiences)s::int[])[
                  1 + floor(random() * array_length(%(audiences)s::int[], 1) + r.n * 0)::int] AS audience
              FROM generate_series(1, 1 + (r.n %% 3)::int)
              UNION SELECT %(everyone)s WHERE r.n %% 10 = 0) AS a
"""
GENERIC = """
INSERT INTO guardian_groupobjectpermission (permission_id, content_type_id, object_pk, group_id)
SELECT %(permission)s, %(type)s, content_object_id::text, group_id FROM {grants} WHERE content_object_id > %(after)s
"""


def fill(first: int, last: int, poster: Any) -> None:
    kinds = [Audience.Kind.ORGANIZATION_MEMBERS, Audience.Kind.GROUP_MEMBERS]
    newest = Request.objects.order_by("-pk").values_list("pk", flat=True).first()
    tables = {
        "requests": Request._meta.db_table,
        "grants": Request._meta.get_field("audience_grants").related_model._meta.db_table,  # type: ignore[union-attr]
    }
    content_type = ContentType.objects.get_for_model(PlainRequest)
    plain, _ = Permission.objects.get_or_create(content_type=content_type, codename="view_plainrequest")
    values = {
        "first": first,
        "last": last,
        "poster": poster.pk,
        "owners": [str(pk) for pk in poster.organizations],
        "audiences": list(Audience.objects.filter(kind__in=kinds).values_list("pk", flat=True)),
        "everyone": Network.current().everyone_id,
        "permission": view_permission(Request),
        "after": newest or "00000000-0000-0000-0000-000000000000",
    }
    with connection.cursor() as cursor:
        cursor.execute(FILL.format(**tables), values)
        cursor.execute(SHARE.format(**tables), values)
        cursor.execute(GENERIC.format(**tables), values | {"permission": plain.pk, "type": content_type.pk})
        cursor.execute("ANALYZE")


def run(portal: Contender) -> None:
    from portal.organizations.models import Organization

    readers = people()
    cookies = [cookie(reader) for reader in readers]
    poster = readers[0]
    poster.organizations = list(Organization.objects.values_list("pk", flat=True))
    pages: dict[int, float] = {}
    filled = 0
    for size in SIZES:
        fill(filled + 1, size, poster)
        filled = size
        portal_ms, query_ms, plain_ms = [], [], []
        for _ in range(ROUNDS):
            for reader, each in zip(readers, cookies, strict=True):
                line = Line(portal, each)  # anew: the others take longer than a line is kept
                line.ask("GET", "/api/v1/session")
                portal_ms.append(milliseconds(lambda line=line: line.ask("GET", f"/api/v1/requests?limit={PAGE}")))  # type: ignore[misc]
                query_ms.append(milliseconds(lambda reader=reader: page(REQUESTS.visible(fresh(reader)))))  # type: ignore[misc]
                plain_ms.append(milliseconds(lambda reader=reader: page(plainly(fresh(reader)))))  # type: ignore[misc]
        pages[size] = median(portal_ms)
        figure(f"page 1 of {size:,} requests by the API", pages[size], "ms")
        ours, theirs = median(query_ms), median(plain_ms)
        what = f"its query, {size:,} requests, get_objects_for_user to ours"
        figure(what, ours, "ms", baseline=theirs, ratio=theirs / ours, goal=">= 80" if size == SIZES[-1] else "")
    against("page 1 by the API, from 20,000 to 1,000,000", pages[SIZES[-1]], "ms", pages[SIZES[0]], "<= 2")


def fresh(reader: Any) -> Any:
    """Without what earlier questions have left behind on the object."""
    return type(reader).objects.get(pk=reader.pk)


def page(rows: Any) -> list[Any]:
    return list(rows.order_by("-pk")[:PAGE])


def plainly(reader: Any) -> Any:
    return get_objects_for_user(reader, "bench.view_plainrequest", klass=PlainRequest, accept_global_perms=False)


def milliseconds(work: Callable[[], Any]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)
