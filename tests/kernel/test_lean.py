"""Plain statements read and write what the ORM does, on every table and every kind of column."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from django.apps import apps

from messaging.models import Message
from portal.kernel.lean import fetch, insert, reread, update
from portal.kernel.models import AuditRecord, Network
from portal.organizations.models import Organization
from tests import world
from tests.scene import Scene

pytestmark = pytest.mark.django_db


def columns(row):
    found = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: (type(value), value) for name, value in found.items()}


def same(one, other):
    return type(one) is type(other) and columns(one) == columns(other)


def test_every_row_is_read_as_the_orm_reads_it():
    Scene().with_everything()
    read = set()
    for model in apps.get_models():
        for row in model._base_manager.all():
            (found,) = fetch(model, **{model._meta.pk.attname: row.pk})
            assert same(found, row), row
            assert not found._state.adding
            read |= {field.get_internal_type() for field in model._meta.concrete_fields}
    assert {"UUIDField", "DateTimeField", "JSONField", "BooleanField", "OneToOneField", "ForeignKey"} <= read


@pytest.mark.parametrize(
    "detail", [{}, {"word": "Ñandú 'quoted' 100% \\ \"said\"", "none": None, "deep": [1, 2.5, True, {"a": []}]}]
)
def test_what_is_inserted_is_what_the_orm_would_have_stored(detail):
    record = {
        "at": datetime(2026, 2, 3, 4, 5, 6, 789012, UTC),
        "actor": uuid4(),
        "acting_for": None,
        "action": "test",
        "subject_kind": "",
        "detail": detail,
    }
    lean, by_orm = AuditRecord(**record), AuditRecord.objects.create(**record)
    assert insert([lean]) == 1
    stored = AuditRecord.objects.get(pk=lean.pk)
    assert same(stored, lean)
    stored.pk = by_orm.pk
    assert same(stored, AuditRecord.objects.get(pk=by_orm.pk))
    assert AuditRecord.objects.filter(pk=lean.pk, detail=detail, actor=record["actor"], at=record["at"]).exists()


def test_more_rows_than_a_statement_takes_are_inserted_in_several():
    at = datetime(2026, 1, 1, tzinfo=UTC)
    rows = [AuditRecord(at=at, action=f"test {n}", subject_kind="") for n in range(700)]
    assert insert(rows) == 700
    assert set(AuditRecord.objects.filter(at=at).values_list("pk", "action")) == {(r.pk, r.action) for r in rows}


def test_only_the_named_columns_are_updated():
    network = world.network()
    network.areas, network.demo, network.name = ["Alder County", "O'Neill"], True, "Not written"
    update(network, "areas", "demo")
    stored = Network.objects.get()
    assert (stored.areas, stored.demo) == (["Alder County", "O'Neill"], True)
    assert stored.name != "Not written"


def test_a_row_that_is_read_anew_forgets_what_hung_on_it():
    scene = Scene()
    message = scene.say(scene.dana)
    held = Message.objects.select_related("organization").get(pk=message.pk)
    Message.objects.filter(pk=message.pk).update(organization=None, edited_at=datetime(2026, 1, 1, tzinfo=UTC))
    reread(held)
    assert same(held, Message.objects.get(pk=message.pk))
    assert held.organization is None
    Organization.objects.filter(pk=scene.house.pk).update(name="Other")
    reread(scene.house)
    assert scene.house.name == "Other"


def test_what_is_not_there_is_not_read():
    scene = Scene()
    assert fetch(Organization, id=[]) == []
    assert fetch(Organization, id=uuid4()) == []
    with pytest.raises(Message.DoesNotExist):
        reread(Message(pk=uuid4()))
    assert [o.pk for o in fetch(Organization, lock=True, id={scene.outside.pk, scene.agency.pk, uuid4()})] == [
        scene.agency.pk,
        scene.outside.pk,
    ]
