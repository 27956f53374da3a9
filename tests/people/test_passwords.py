import re

import pytest
from django.conf import settings
from django.core import mail

from tests import world
from tests.people.browser import Browser

pytestmark = pytest.mark.django_db
EMAIL, NEW = "ann@example.org", "another long passphrase"


@pytest.fixture
def ann():
    world.network()
    return world.with_password(world.person(world.organization()))


def asked(email: str) -> tuple[int, bytes]:
    answer = Browser().account("POST", "auth/password/request", {"email": email})
    world.work()
    return answer.status_code, answer.content


def mailed_key() -> str:
    (found,) = re.findall(re.escape(settings.ORIGIN) + r"/reset/(\S+)", mail.outbox[-1].body)
    return str(found)


def test_a_reset_by_mail_signs_out_everywhere(ann):
    elsewhere = world.client(ann)
    asked(EMAIL)
    key, browser = mailed_key(), Browser()
    assert browser.account("GET", "auth/password/reset", **{"X-Password-Reset-Key": key}).status_code == 200
    answer = browser.account("POST", "auth/password/reset", {"key": key, "password": NEW})
    assert answer.status_code == 401  # done, and not signed in by it
    assert elsewhere.get("/api/v1/session").json()["person"] is None
    assert browser.sign_in(EMAIL, world.PASSWORD).status_code == 400
    assert browser.sign_in(EMAIL, NEW).status_code == 200

    again = Browser().account("POST", "auth/password/reset", {"key": key, "password": "a third long passphrase"})
    assert again.status_code == 400


def test_asking_tells_nobody_which_addresses_have_accounts(ann):
    known, unknown = asked(EMAIL), asked("nobody@example.org")
    assert known == unknown
    assert [m.to for m in mail.outbox] == [[EMAIL]]


def test_signing_in_tells_nobody_which_addresses_have_accounts(ann):
    known = Browser().sign_in(EMAIL, "not it at all, sorry")
    unknown = Browser().sign_in("nobody@example.org", "not it at all, sorry")
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content)


def test_the_mail_says_little_in_the_reader_s_language(ann):
    ann.locale = "es"
    ann.save()
    asked(EMAIL)
    (sent,) = mail.outbox
    assert sent.subject == "Elija una contraseña nueva"
    assert "Alguien pidió" in sent.body
    assert "Harbor House" not in sent.subject + sent.body
    assert "Ann" not in sent.subject + sent.body


def test_the_link_lies_in_no_queue(ann):
    from portal.jobs.models import Job

    Browser().account("POST", "auth/password/request", {"email": EMAIL})
    assert list(Job.objects.values_list("payload", flat=True)) == [{"person": str(ann.pk)}]


@pytest.mark.parametrize("weak", ["short", "1q2w3e4r5t6y7u8i9o0p", "ann@example.org"])
def test_weak_passwords_are_refused(ann, weak):
    asked(EMAIL)
    answer = Browser().account("POST", "auth/password/reset", {"key": mailed_key(), "password": weak})
    assert answer.status_code == 400
    assert [e["param"] for e in answer.json()["errors"]] == ["password"]


def test_a_change_keeps_this_session_and_ends_the_others(ann):
    browser, elsewhere = Browser(), world.client(ann)
    browser.sign_in(EMAIL, world.PASSWORD)
    answer = browser.account(
        "POST", "account/password/change", {"current_password": world.PASSWORD, "new_password": NEW}
    )
    assert answer.status_code == 200
    assert browser.session()["person"]["email"] == EMAIL
    assert elsewhere.get("/api/v1/session").json()["person"] is None
    world.work()
    assert [m.subject for m in mail.outbox] == ["Your sign-in has changed"]
