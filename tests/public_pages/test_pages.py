"""What anybody may read: whole without script, from no other host, and only what was published."""

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction

from coordination.events import services
from coordination.events.kinds import KINDS
from coordination.events.models import Event
from coordination.public_pages.hotlines import country_name, hotlines
from coordination.public_pages.pages import LANGUAGES, NAMES
from portal.kernel import clock
from portal.kernel.writing import Actor
from portal.organizations import services as organizations
from portal.organizations.models import Application
from tests import world
from tests.events.gathering import course, dates, register
from tests.scene import API, Scene, canary, denied, problem, queries, refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db):
    return Scene()


@pytest.fixture
def event(scene):
    return course(scene.acting(scene.mara), [scene.house], title="Signs for neighbors", about="All are welcome.")


def page(name, language="en"):
    answer = world.client().get(f"/{language}/{name}")
    assert answer.status_code == 200
    return answer.content.decode()


def publish(scene, event):
    return services.publish_event(Actor(scene.mara), Event.objects.select_related("owner").get(pk=event.pk))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", NAMES)
def test_each_page_is_whole_without_script_and_asks_nobody_else(scene, event, name, language):
    publish(scene, event)
    answer = world.client().get(f"/{language}/{name}")
    text = answer.content.decode()
    assert f'<html lang="{language}">' in text
    assert f'href="/{language}/{name}" aria-current="page"' in text
    assert 'class="leave" href="https://www.wikipedia.org/" rel="noreferrer nofollow"' in text
    assert not re.search(r"\b(src|action|data|poster)=", text)
    assert not re.search(r"<link|@import|url\(", text)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert not answer.cookies


def test_an_address_without_a_language_leads_to_ones_own():
    for said, language in (("es-MX,es;q=0.9,en;q=0.1", "es"), ("fr", "en"), ("", "en")):
        answer = world.client().get("/help", headers={"accept-language": said})
        assert (answer.status_code, answer.headers["Location"]) == (302, f"/{language}/help")


def test_the_help_page_stands_before_there_is_a_network():
    assert "1-888-373-7888" not in page("about")
    assert "1-888-373-7888" in page("help")


def test_every_hotline_can_be_dialled_and_says_when_it_was_read():
    for line in hotlines():
        assert line.phone
        assert line.dialled.isdigit()
        assert line.read_on <= clock.now().date()
        assert line.website == "" or line.website.startswith("https://")
    assert country_name("ES", "es") == "España"


def test_ones_own_country_comes_first(scene):
    scene.network.areas = ["MX-CMX"]
    scene.network.save()
    text = page("help", "es")
    assert text.index("México") < text.index("Estados Unidos")


def test_nothing_is_public_that_was_not_published(scene, event):
    register(scene, scene.dana, dates(event)[0])
    for name in NAMES:
        text = page(name)
        for telling in ("Signs for neighbors", "County Agency", "Harbor House", "Dana", canary("")):
            assert telling not in text


def test_what_is_published_is_read_by_anybody_and_where_it_is_stays(scene, event):
    register(scene, scene.dana, dates(event)[0])
    publish(scene, event)
    text = page("public-events")
    for told in ("Signs for neighbors", "All are welcome.", "County Agency", "Linn", "Chicago time"):
        assert told in text
    for kept in (canary(""), "kestrel.example.org", "Harbor House", "Dana", "Mara", str(event.pk)):
        assert kept not in text
    assert text.count("<h2>Signs for neighbors</h2>") == 3
    with clock.at(dates(event)[1].ends_at + timedelta(seconds=1)):
        assert page("public-events").count("<h2>Signs for neighbors</h2>") == 1


def test_words_are_words_and_no_markup(scene):
    publish(scene, course(scene.acting(scene.mara), [], title="<script>alert(1)</script>", about='"><img src=x>'))
    text = page("public-events")
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_a_cancelled_date_and_what_is_taken_off_are_not_there(scene, event):
    publish(scene, event)
    services.cancel_date(Actor(scene.mara), dates(event)[0])
    assert page("public-events").count("<h2>") == 2
    services.unpublish_event(Actor(scene.mara), Event.objects.get())
    assert "<h2>" not in page("public-events")
    services.cancel_event(Actor(scene.mara), publish(scene, event))
    assert "<h2>" not in page("public-events")
    assert refused(lambda: publish(scene, event)) == "wrong_state"


def test_nothing_of_a_suspended_organization_is_public(scene, event):
    publish(scene, event)
    organizations.suspend(Actor(world.administrator()), scene.agency, "A complaint.")
    assert "<h2>" not in page("public-events")


def test_its_organizations_coordinators_publish_alone(scene):
    event = course(scene.acting(scene.jonas), [scene.house], title="Of Jonas")
    path = f"{API}/events/{event.pk}"
    for person, code in ((scene.jonas, (403, "not_allowed")), (scene.otto, (404, "not_found"))):
        for verb in ("publish", "unpublish"):
            assert problem(denied(lambda p=person, v=verb: world.client(p).post(f"{path}/{v}"))) == code
    done = world.client(scene.mara).post(f"{path}/publish").json()
    assert (done["result"]["public"], "publish" in done["mine"]["allowed"]) == (True, False)
    assert "Of Jonas" in page("public-events")


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if not kind.public])
def test_what_is_no_business_of_the_public_cannot_be_published(scene, kind):
    event = course(scene.acting(scene.mara), [], event_kind=kind)
    assert refused(lambda: publish(scene, event)) == "wrong_state"
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.update(public=True)


def test_a_drill_cannot_be_published(scene):
    event = course(scene.acting(scene.mara), [], exercise=True)
    assert refused(lambda: publish(scene, event)) == "wrong_state"
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.update(public=True)


def test_many_dates_take_as_many_queries_as_few(scene, event):
    publish(scene, event)
    few = queries(lambda: page("public-events"))
    publish(scene, course(scene.acting(scene.mara), [], title="Daily", rule="FREQ=DAILY;COUNT=120"))
    assert queries(lambda: page("public-events")) == few
    assert page("public-events").count("<h2>") == 100


# a stranger asks for their organization to be let in

ASKED = {
    "language": "en",
    "name": "River Shelter",
    "kind": "shelter_operator",
    "description": "Twelve beds.",
    "website": "",
    "contact_role": "Director",
    "contact_email": "office@river.example.org",
    "why": "We take people at night.",
    "fax": "",
}


def ask(**said):
    form = urlencode({**ASKED, **said})
    return world.client().post("/en/apply", form, content_type="application/x-www-form-urlencoded")


def test_a_stranger_applies_without_script_and_is_answered_alike_whatever_there_is(scene):
    page("apply")
    answers = {ask(name=name).content for name in ("River Shelter", "County Agency", "River Shelter")}
    assert len(answers) == 1
    assert b"Thank you." in answers.pop()
    assert Application.objects.count() == 3


def test_what_has_to_be_mended_is_said_by_its_field_and_nothing_is_lost(scene):
    answer = ask(contact_email="not an address", kind="party")
    text = answer.content.decode()
    assert answer.status_code == 422
    for told in ('id="contact_email-fault"', 'id="kind-fault"', 'value="not an address"', ">Twelve beds.<"):
        assert told in text
    assert 'id="name-fault"' not in text
    assert not Application.objects.exists()


def test_who_asks_too_often_keeps_what_they_wrote(scene):
    cache.clear()
    answers = [ask() for _ in range(40)]
    cache.clear()
    assert answers[-1].status_code == 429
    assert "try again in an hour" in answers[-1].content.decode()
    assert 'value="River Shelter"' in answers[-1].content.decode()
    assert Application.objects.count() < 40
