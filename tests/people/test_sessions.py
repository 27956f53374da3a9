"""Where somebody is signed in, how they got in, and who tried."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.utils import timezone

from portal.kernel.models import AuditRecord
from portal.people import jobs
from portal.people.models import Session, SignIn
from tests import world
from tests.people.browser import Browser, code
from tests.people.passkey import add_passkey, sign_in_with

# enrolment counts once it is committed
pytestmark = pytest.mark.django_db(transaction=True)
EMAIL = "ann@example.org"
FIREFOX = {"User-Agent": "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"}
PHONE = {"User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Mobile/15E148 Safari/604.1"}


@pytest.fixture
def ann():
    world.network()
    return world.with_password(world.person(world.organization()))


def signed_in(device=FIREFOX, password=world.PASSWORD, email=EMAIL):
    browser = Browser()
    browser.account("POST", "auth/login", {"email": email, "password": password}, **device)
    return browser


def devices(browser):
    return browser.get("/api/v1/sessions").json()["results"]


def history(browser):
    return browser.get("/api/v1/sign-ins").json()["results"]


def audited(*actions):
    return [(r.action, r.detail) for r in AuditRecord.objects.filter(action__in=actions).order_by("at", "id")]


# devices


def test_i_see_where_i_am_signed_in(ann):
    laptop, phone = signed_in(), signed_in(PHONE)
    found = {each["system"]: each for each in devices(phone)}
    assert set(found) == {"Windows", "iPhone"}
    assert (found["iPhone"]["browser"], found["iPhone"]["current"]) == ("Safari", True)
    assert (found["Windows"]["browser"], found["Windows"]["current"]) == ("Firefox", False)
    assert found["Windows"]["method"] == "password"
    assert found["Windows"]["began_at"] <= found["Windows"]["active_at"]
    keys = set(Session.objects.values_list("session_key", flat=True))
    told = laptop.get("/api/v1/sessions").content.decode()
    assert not [key for key in keys if key in told]


def test_one_is_signed_out_from_another(ann):
    laptop, phone = signed_in(), signed_in(PHONE)
    (lost,) = [each for each in devices(laptop) if each["system"] == "iPhone"]
    assert laptop.send("DELETE", f"/api/v1/sessions/{lost['id']}").status_code == 204
    assert phone.session()["person"] is None
    assert phone.get("/api/v1/sessions").status_code == 401
    assert [each["current"] for each in devices(laptop)] == [True]
    again = laptop.send("DELETE", f"/api/v1/sessions/{lost['id']}")
    assert (again.status_code, again.json()["code"]) == (404, "not_found")


def test_all_others_are_signed_out_at_once(ann):
    laptop, others = signed_in(), [signed_in(PHONE) for _ in range(3)]
    assert laptop.send("DELETE", "/api/v1/sessions").status_code == 204
    assert laptop.session()["person"]
    assert [each.session()["person"] for each in others] == [None] * 3


def test_nobody_sees_or_ends_another_person_s_sessions(ann):
    world.with_password(world.person(name="Ben"))
    hers, ben = signed_in(), signed_in(email="ben@example.org")
    (foreign,) = devices(hers)
    hidden = ben.send("DELETE", f"/api/v1/sessions/{foreign['id']}")
    absent = ben.send("DELETE", f"/api/v1/sessions/{uuid4()}")
    assert (hidden.status_code, hidden.content) == (404, absent.content)
    assert hers.session()["person"]
    assert {each["id"] for each in history(ben)}.isdisjoint(each["id"] for each in history(hers))


def test_strangers_and_missing_tokens_end_nothing(ann):
    laptop = signed_in()
    (here,) = devices(laptop)
    assert Browser().send("DELETE", "/api/v1/sessions").status_code == 401
    for path in ("/api/v1/sessions", f"/api/v1/sessions/{here['id']}"):
        answer = laptop.delete(path)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf_failed")
    assert laptop.session()["person"]


def test_half_a_sign_in_is_no_session(ann):
    laptop = signed_in()
    laptop.enrol()
    cache.clear()
    half = signed_in(PHONE)
    assert half.get("/api/v1/sessions").status_code == 401
    assert len(devices(laptop)) == 1


# how long a session lasts


def test_a_session_ends_twelve_hours_after_it_began_whatever_is_done_in_it(ann):
    laptop = signed_in()
    ends = timezone.now() + timedelta(minutes=5)
    Session.objects.update(expire_date=ends)
    assert laptop.account("POST", "auth/reauthenticate", {"password": world.PASSWORD}).status_code == 200
    change = {"current_password": world.PASSWORD, "new_password": "another long passphrase"}
    before = laptop.cookies[settings.SESSION_COOKIE_NAME].value
    assert laptop.account("POST", "account/password/change", change).status_code == 200
    assert laptop.cookies[settings.SESSION_COOKIE_NAME].value != before
    found = Session.objects.get(user=ann)
    assert (found.expire_date, found.browser, found.method) == (ends, "Firefox", "password")


def test_what_moved_meanwhile_is_not_written_over(ann):
    """A request that read the session before another one wrote to its row."""
    laptop = signed_in()
    store = Session.get_session_store_class()(laptop.cookies[settings.SESSION_COOKIE_NAME].value)
    store["seen"] = 1
    moved = timezone.now() + timedelta(minutes=1)
    Session.objects.update(active_at=moved)
    store.save()
    found = Session.objects.get(user=ann)
    assert found.active_at == moved
    assert found.get_decoded()["seen"] == 1


# history


def test_i_see_how_my_account_was_opened(ann):
    signed_in()
    phone = signed_in(PHONE)
    newest, oldest = history(phone)
    assert (newest["system"], newest["method"], newest["outcome"]) == ("iPhone", "password", "success")
    assert (oldest["system"], oldest["network"]) == ("Windows", "127.0.0.0/24")
    assert audited("person.sign_in") == [
        ("person.sign_in", {"person_id": str(ann.pk), "method": "password"}),
        ("person.sign_in", {"person_id": str(ann.pk), "method": "password"}),
    ]


def test_every_way_in_has_its_word(ann):
    laptop = signed_in()
    secret = laptop.enrol()
    recovery = laptop.account("GET", "account/authenticators/recovery-codes").json()["data"]["unused_codes"][0]
    key = add_passkey(laptop)
    cache.clear()
    for answer in (code(secret), recovery):
        signed_in().account("POST", "auth/2fa/authenticate", {"code": answer})
    sign_in_with(signed_in(), key, "auth/webauthn/authenticate")
    sign_in_with(Browser(), key)
    assert [each["method"] for each in history(laptop)] == [
        "passkey",
        "password_and_passkey",
        "password_and_recovery_code",
        "password_and_code",
        "password",
    ]


def test_failed_tries_are_told_to_the_person_alone(ann):
    signed_in(PHONE, "not it at all, sorry")
    signed_in(PHONE, "not it at all, sorry", "nobody@example.org")
    world.work()
    laptop = signed_in()
    success, failure = history(laptop)
    assert success["outcome"] == "success"
    assert (failure["outcome"], failure["system"], failure["method"]) == ("wrong_password", "iPhone", "password")
    assert SignIn.objects.count() == 2
    assert audited("person.sign_in_failed") == [
        ("person.sign_in_failed", {"person_id": str(ann.pk), "method": "password", "outcome": "wrong_password"})
    ]


def test_a_wrong_code_is_told_too(ann):
    laptop = signed_in()
    laptop.enrol()
    half = signed_in(PHONE)
    assert half.account("POST", "auth/2fa/authenticate", {"code": "000000"}, **PHONE).status_code == 400
    newest = history(laptop)[0]
    assert (newest["outcome"], newest["method"], newest["system"]) == ("wrong_code", "password_and_code", "iPhone")


def test_the_history_comes_in_pages(ann):
    for _ in range(5):
        signed_in()
    laptop = signed_in()
    whole = [each["id"] for each in history(laptop)]
    assert len(whole) == 6
    found, cursor = [], ""
    while True:
        page = laptop.get(f"/api/v1/sign-ins?limit=4{cursor}").json()
        found += [each["id"] for each in page["results"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert found == whole
    for wrong in ("limit=0", "limit=x", "cursor=x", "person=x"):
        assert laptop.get(f"/api/v1/sign-ins?{wrong}").status_code == 422


def test_after_90_days_it_is_forgotten(ann):
    laptop = signed_in()
    signed_in()
    SignIn.objects.filter(pk=history(laptop)[0]["id"]).update(at=timezone.now() - timedelta(days=91))
    jobs.forget_old_sign_ins()
    assert len(history(laptop)) == 1


def test_signing_out_is_on_the_record(ann):
    laptop = signed_in()
    laptop.account("DELETE", "auth/session")
    assert not Session.objects.filter(user=ann).exists()
    assert audited("person.sign_out") == [("person.sign_out", {"person_id": str(ann.pk)})]


def test_changing_the_password_is_on_the_record(ann):
    laptop = signed_in()
    change = {"current_password": world.PASSWORD, "new_password": "another long passphrase"}
    laptop.account("POST", "account/password/change", change)
    assert audited("person.change_password") == [("person.change_password", {"person_id": str(ann.pk)})]


def test_neither_record_nor_queue_keeps_what_is_too_much(ann):
    signed_in(FIREFOX)
    signed_in(PHONE, "not it at all, sorry")
    world.work()
    kept = str(list(AuditRecord.objects.values_list("detail", flat=True)))
    kept += str(list(SignIn.objects.values())) + str(list(Session.objects.values()))
    for told in ("Mozilla", "Gecko", "127.0.0.1", "not it at all"):
        assert told not in kept


# a device that was not seen before


def test_a_sign_in_from_a_new_device_is_told_by_mail(ann):
    signed_in()
    signed_in()
    world.work()
    assert mail.outbox == []
    signed_in(PHONE)
    signed_in(PHONE)
    world.work()
    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == ([EMAIL], "A sign-in from a new device")
    for telling in ("iPhone", "Safari", "Harbor House", "Ann", "127.0"):
        assert telling not in sent.subject + sent.body


def test_who_only_tried_made_no_device_known(ann):
    signed_in()
    signed_in(PHONE, "not it at all, sorry")
    world.work()
    signed_in(PHONE)
    world.work()
    assert len(mail.outbox) == 1
