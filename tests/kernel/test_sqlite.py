"""One write lock for the process: eight threads write, with transactions and without, and none is turned away."""

from collections import Counter
from threading import Event

import pytest
from django.db import connection, transaction
from django.db.models import F

from portal.kernel.models import Audience, AuditRecord
from portal.kernel.sqlite.base import WRITE_LOCK
from tests import world

pytestmark = [pytest.mark.needs_sqlite, pytest.mark.django_db(transaction=True)]
THREADS, WRITES = 8, 400


def test_no_writer_finds_the_database_locked():
    """SQLite's own patience is taken away: whoever collides, fails at once."""
    audience = Audience.make(Audience.Kind.EVERYONE)

    def impatient():
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 0")

    def within_transactions():
        impatient()
        for _ in range(40):
            with transaction.atomic():
                seen = Audience.objects.get(pk=audience.pk).head
                Audience.objects.filter(pk=audience.pk).update(head=seen + 1)

    def by_single_statements():
        impatient()
        for n in range(40):
            AuditRecord.objects.create(at="2030-01-01T00:00:00Z", action=f"{n}")
            Audience.objects.filter(pk=audience.pk).update(head=F("head") + 1)
        AuditRecord.objects.filter(action="1").delete()

    world.at_once(*[within_transactions, by_single_statements] * (THREADS // 2))
    audience.refresh_from_db()
    assert audience.head == THREADS * 40
    assert not WRITE_LOCK.locked()


def test_every_writer_gets_its_turn():
    done, over = Counter(), Event()

    def write(me):
        while not over.is_set():
            with transaction.atomic():
                AuditRecord.objects.create(at="2030-01-01T00:00:00Z", action="x")
                done[me] += 1
                if done.total() >= WRITES:
                    over.set()

    world.at_once(*(lambda me=me: write(me) for me in range(THREADS)))
    assert len(done) == THREADS, f"nobody starves: {done}"


def test_the_lock_is_given_back_whatever_happens():
    def fail():
        with transaction.atomic():
            AuditRecord.objects.create(at="2030-01-01T00:00:00Z", action="x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        world.at_once(fail)

    def hang_up():
        transaction.set_autocommit(False)
        AuditRecord.objects.create(at="2030-01-01T00:00:00Z", action="x")
        connection.close()

    world.at_once(hang_up)
    assert not WRITE_LOCK.locked()
    assert AuditRecord.objects.count() == 0
