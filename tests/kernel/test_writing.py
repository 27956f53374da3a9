from threading import Barrier, Event, Thread
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import Count, Max

from portal.kernel.models import Audience, AuditRecord, Change
from portal.kernel.writing import THE_PORTAL, TRIES, on_change, retrying, writing
from tests import world

pytestmark = pytest.mark.django_db
THREADS, EACH = 8, 12


@pytest.fixture
def audience(db):
    return Audience.make(Audience.Kind.EVERYONE)


@pytest.fixture
def rung():
    heard = []
    stop = on_change(lambda rung: heard.append({one.audience.pk: one.audience.head for one in rung}))
    yield heard
    stop()


def put(w, audience):
    w.append(audience.pk, Change.Op.PUT, "request", uuid4(), 1)


def at(audience):
    audience.refresh_from_db()
    return audience.head, audience.epoch


# the log


def test_nothing_is_appended_to_an_audience_that_is_not_locked(audience):
    other = Audience.make(Audience.Kind.EVERYONE)
    with writing(THE_PORTAL, audiences=[audience.pk]) as w:
        put(w, audience)
        for forbidden in (lambda: put(w, other), lambda: w.move_epoch(other.pk)):
            with pytest.raises(RuntimeError, match="not locked"):
                forbidden()
    assert (at(audience), at(other)) == ((1, 0), (0, 0))


def test_changes_of_one_write_are_numbered_in_their_order(audience):
    with writing(THE_PORTAL, audiences=[audience.pk]) as w:
        for op in ("put", "unshared", "deleted"):
            w.append(audience.pk, op, "request", uuid4())
        w.move_epoch(audience.pk)
        w.move_epoch(audience.pk)
    assert list(Change.objects.order_by("seq").values_list("seq", "op")) == [
        (1, "put"),
        (2, "unshared"),
        (3, "deleted"),
    ]
    assert at(audience) == (3, 1)


def test_the_same_number_is_never_given_twice(audience):
    with writing(THE_PORTAL, audiences=[audience.pk]) as w:
        put(w, audience)
    twin = Change.objects.get()
    twin.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        twin.save(force_insert=True)


@pytest.mark.django_db(transaction=True)
def test_a_write_within_a_write_joins_it(audience, rung):
    with writing(THE_PORTAL, audiences=[audience.pk]) as outer:
        put(outer, audience)
        other = Audience.make(Audience.Kind.EVERYONE)
        with writing(THE_PORTAL, audiences=[other.pk]) as inner:
            assert inner is outer
            put(inner, other)
            inner.audit("inner")
        assert not rung
        assert not Change.objects.exists()
    assert rung == [{audience.pk: 1, other.pk: 1}]
    assert AuditRecord.objects.get().action == "inner"


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_nothing(audience, rung):
    with pytest.raises(ZeroDivisionError), writing(THE_PORTAL, audiences=[audience.pk]) as w:
        Audience.make(Audience.Kind.EVERYONE)
        put(w, audience)
        w.move_epoch(audience.pk)
        w.audit("never")
        raise ZeroDivisionError
    assert at(audience) == (0, 0)
    assert Audience.objects.count() == 1
    assert not rung + list(Change.objects.all()) + list(AuditRecord.objects.all())
    with writing(THE_PORTAL, audiences=[audience.pk]) as w:
        put(w, audience)
    assert rung == [{audience.pk: 1}]


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_once_and_after_the_commit(audience, rung):
    with transaction.atomic():
        with writing(THE_PORTAL, audiences=[audience.pk]) as w:
            put(w, audience)
            put(w, audience)
        assert not rung
    assert rung == [{audience.pk: 2}]
    with writing(THE_PORTAL, audiences=[audience.pk]) as w:
        w.audit("nothing to tell")
    assert len(rung) == 1


# many at once


@pytest.mark.django_db(transaction=True)
def test_numbers_have_no_gap_and_follow_the_order_of_commits():
    """Whoever reads change N at any moment finds every change before it, with eight writers at work."""
    audiences = [Audience.make(Audience.Kind.EVERYONE) for _ in range(2)]
    over, torn = Event(), []

    def read():
        while not over.is_set():
            for row in Change.objects.values("audience").annotate(last=Max("seq"), n=Count("pk")):
                if row["last"] != row["n"]:
                    torn.append(row)
        connection.close()

    def write(mine):
        for n in range(EACH):
            both = audiences if n % 3 == 0 else [audiences[mine % 2]]
            with writing(THE_PORTAL, audiences=[a.pk for a in both]) as w:
                for audience in reversed(both):
                    put(w, audience)

    reader = Thread(target=read)
    reader.start()
    try:
        world.at_once(*(lambda n=n: write(n) for n in range(THREADS)))
    finally:
        over.set()
        reader.join()
    assert not torn
    for audience in audiences:
        seqs = list(Change.objects.filter(audience=audience).order_by("pk").values_list("seq", flat=True))
        assert sorted(seqs) == list(range(1, len(seqs) + 1))
        assert at(audience) == (len(seqs), 0)
    assert Change.objects.count() == THREADS * (EACH + EACH // 3)


# lost races


@pytest.mark.needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_deadlock_is_tried_again():
    one, two = (Audience.make(Audience.Kind.EVERYONE) for _ in range(2))
    both_hold_one = Barrier(2)
    tries = []

    def write(first, second):
        tries.append(first.pk)
        with writing(THE_PORTAL, audiences=[first.pk]) as w:
            if tries.count(first.pk) == 1:
                both_hold_one.wait(10)
            w.lock(audiences=[second.pk])
            put(w, first)
            put(w, second)

    world.at_once(lambda: retrying(lambda: write(one, two)), lambda: retrying(lambda: write(two, one)))
    assert len(tries) == 3
    assert (at(one), at(two)) == ((2, 0), (2, 0))


@pytest.mark.needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_serialization_failure_is_tried_again(audience):
    both_have_read = Barrier(2)
    tries = []

    def write(who):
        tries.append(who)
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            seen = Audience.objects.get(pk=audience.pk).head
            if tries.count(who) == 1:
                both_have_read.wait(10)
            Audience.objects.filter(pk=audience.pk).update(head=seen + 1)

    world.at_once(*(lambda who=who: retrying(lambda: write(who)) for who in range(2)))
    assert len(tries) == 3
    assert at(audience) == (2, 0)


@pytest.mark.django_db(transaction=True)
def test_it_is_tried_three_times_and_only_for_a_lost_race():
    tries = []

    def fail(message):
        tries.append(message)
        raise OperationalError(message)

    for message, times in (("database is locked", TRIES), ("disk I/O error", 1)):
        tries.clear()
        with pytest.raises(OperationalError, match=message):
            retrying(lambda m=message: fail(m))
        assert len(tries) == times
    tries.clear()
    with pytest.raises(OperationalError), transaction.atomic():
        retrying(lambda: fail("database is locked"))
    assert len(tries) == 1, "what others began cannot be begun again here"
