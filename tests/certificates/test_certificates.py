"""Certificates: earned by having been there, on paper, checked by their code, asked for by groups."""

import re
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.utils.html import escape
from pypdf import PdfReader

from coordination.certificates.changes import grouped
from coordination.certificates.document import duration, pdf
from coordination.certificates.models import Certificate
from coordination.events import services
from coordination.events.models import Event
from coordination.working_groups import services as groups
from portal.kernel import clock
from portal.kernel.errors import Invalid
from portal.kernel.standing import members
from portal.kernel.writing import Actor
from portal.organizations import services as organizations
from portal.organizations.models import OrganizationMember
from tests import world
from tests.events.gathering import course, dates, register, registration
from tests.scene import API, Scene, denied, faults, problem

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db):
    return Scene()


@pytest.fixture
def training(scene):
    event = course(scene.acting(scene.mara), [scene.house, scene.clinic], title="Safe interviews", certificate=True)
    for person in (scene.lucia, scene.grace):
        register(scene, person, dates(event)[0])
    return event


def mark(scene, event, person, attended):
    date = dates(event)[0]
    with clock.at(date.starts_at):
        services.mark_attendance(Actor(scene.mara), registration(person, date), attended)
    return Certificate.objects.filter(person=person).select_related("person", "issuer").first()


def listed(person, **query):
    answer = world.client(person).get(f"{API}/certificates", query)
    assert answer.status_code == 200
    return [c["person"]["name"] for c in answer.json()["results"]]


def check(code, language="en"):
    form = "application/x-www-form-urlencoded"
    return world.client().post(f"/{language}/certificate", urlencode({"code": code}), content_type=form)


def checked(code):
    return check(code).content.decode()


# earned


def test_who_was_there_holds_one_and_who_was_not_does_not(scene, training):
    assert mark(scene, training, scene.grace, False) is None
    held = mark(scene, training, scene.lucia, True)
    assert (held.title, held.minutes, held.event_kind) == ("Safe interviews", 120, "professional_training")
    assert held.held_on == dates(training)[0].local_start.date()
    assert mark(scene, training, scene.lucia, True).code == held.code
    assert mark(scene, training, scene.lucia, None).revoked_at is not None
    again = mark(scene, training, scene.lucia, True)
    assert (again.revoked_at, again.code) == (None, held.code)
    assert Certificate.objects.count() == 1


def test_it_says_what_was_then(scene, training):
    held = mark(scene, training, scene.lucia, True)
    event = Event.objects.select_related("owner").get()
    services.edit_event(Actor(scene.mara), event, event.version, title="Renamed")
    held.refresh_from_db()
    assert held.title == "Safe interviews"


def test_an_event_that_gives_none_gives_none_until_it_says_so(scene):
    event = course(scene.acting(scene.mara), [scene.house])
    register(scene, scene.lucia, dates(event)[0])
    assert mark(scene, event, scene.lucia, True) is None
    for certificate in (True, False):
        event = Event.objects.select_related("owner").get()
        services.edit_event(Actor(scene.mara), event, event.version, certificate=certificate)
        assert Certificate.objects.get().stands is certificate


@pytest.mark.parametrize("said", [{"event_kind": "plenary_meeting"}, {"exercise": True}])
def test_only_a_training_that_takes_place_gives_any(scene, said):
    with pytest.raises(Invalid) as refusal:
        course(scene.acting(scene.mara), [], certificate=True, **said)
    assert [(e.field, e.code) for e in refusal.value.errors] == [("certificate", "not_a_training")]
    event = course(scene.acting(scene.mara), [], **said)
    with pytest.raises(Invalid):
        services.edit_event(Actor(scene.mara), event, event.version, certificate=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.update(certificate=True)


# seen


def test_its_person_and_the_coordinators_on_both_sides_see_it(scene, training):
    held = mark(scene, training, scene.lucia, True)
    for person in (scene.lucia, scene.dana, scene.mara):
        assert listed(person) == ["Lucia"]
    for person in (scene.jonas, scene.grace, scene.otto):
        assert listed(person) == []
        for path in (f"{API}/certificates/{held.pk}", f"{API}/certificates/{held.pk}/document"):
            refusal = denied(lambda path=path, person=person: world.client(person).get(path))
            assert problem(refusal) == (404, "not_found")
    assert (listed(scene.lucia, mine="true"), listed(scene.mara, mine="true")) == (["Lucia"], [])
    found = listed(scene.mara, registration=str(held.registration_id))
    assert found == ["Lucia"]


def test_it_stays_with_who_leaves(scene, training):
    mark(scene, training, scene.lucia, True)
    member = OrganizationMember.objects.get(group=scene.house.members_id, user=scene.lucia)
    organizations.remove_person(Actor(scene.dana), member)
    assert listed(scene.lucia) == ["former member"]


# on paper, checked


@pytest.mark.parametrize(
    ("language", "word"), [("en", "Certificate of attendance"), ("es", "Certificado de asistencia")]
)
def test_on_paper_it_says_all_of_it_in_ones_language(scene, training, language, word):
    scene.lucia.name, scene.lucia.locale = "Lucía Ñandú Žák Phạm", language
    scene.lucia.save()
    held = mark(scene, training, scene.lucia, True)
    answer = world.client(scene.lucia).get(f"{API}/certificates/{held.pk}/document")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.headers["Cache-Control"] == "no-store"
    (page,) = PdfReader(BytesIO(answer.content)).pages
    text = page.extract_text()
    for told in (
        word,
        scene.lucia.name,
        "Safe interviews",
        "County Agency",
        grouped(held.code),
        f"/{language}/certificate",
    ):
        assert told in text


def test_the_longest_names_stay_on_one_page_above_the_code(scene, training):
    held = mark(scene, training, scene.lucia, True)
    held.person.name, held.title, held.issuer.name = "W" * 120, "W" * 120, "W" * 120
    (page,) = PdfReader(BytesIO(pdf(held, "es"))).pages
    heights = {}
    page.extract_text(visitor_text=lambda text, _, where, *__: heights.setdefault(text.strip()[:6], where[5]))
    assert min(heights["WWWWWW"], heights["organi"]) > heights["Código"] > 0


@pytest.mark.parametrize(
    ("minutes", "english", "spanish"),
    [
        (45, "45 minutes", "45 minutos"),
        (60, "1 hour", "1 hora"),
        (121, "2 hours and 1 minute", "2 horas y 1 minuto"),
    ],
)
def test_how_long_it_was_as_people_say_it(minutes, english, spanish):
    assert (duration(minutes, "en"), duration(minutes, "es")) == (english, spanish)


def test_what_was_taken_back_is_not_printed(scene, training):
    held = mark(scene, training, scene.lucia, True)
    mark(scene, training, scene.lucia, None)
    refusal = denied(lambda: world.client(scene.lucia).get(f"{API}/certificates/{held.pk}/document"))
    assert problem(refusal) == (409, "wrong_state")


def test_whoever_holds_the_code_may_check_it_without_signing_in(scene, training):
    held = mark(scene, training, scene.lucia, True)
    for written in (held.code, grouped(held.code), f" {grouped(held.code).lower()} "):
        text = checked(written)
        for told in ("This certificate stands.", "Lucia", "Safe interviews", "County Agency"):
            assert told in text
    mark(scene, training, scene.lucia, None)
    assert "taken back" in checked(held.code)
    assert "Safe interviews" not in checked(held.code)


@pytest.mark.parametrize("code", ["", "A" * 27, "%00", "<script>", "' OR 1=1 --", "x" * 4000])
def test_another_code_is_no_certificate(scene, training, code):
    mark(scene, training, scene.lucia, True)
    text = checked(code)
    assert "There is no certificate with this code" in text
    assert f'value="{escape(code)}"' in text
    assert "Lucia" not in text
    assert "<script>alert" not in text


def test_nobody_tries_codes_without_end(scene):
    cache.clear()
    for _ in range(30):
        assert check("A").status_code == 200
    assert check("A").status_code == 429
    cache.clear()


def test_a_code_is_long_and_of_letters_that_are_not_taken_for_each_other(scene, training):
    held = mark(scene, training, scene.lucia, True)
    assert re.fullmatch("[A-HJKMNP-TV-Z2-9]{27}", held.code)


# asked for by groups


@pytest.fixture
def group(scene):
    actor = scene.acting(scene.mara)
    return groups.create_working_group(
        actor, name="Interviewers", group_kind="training", joining="open", certificate="professional_training"
    )


def test_a_group_asks_each_newcomer_for_one(scene, training, group):
    def join(*people):
        said = {"acting_for": str(scene.house.pk), "people": [str(p.pk) for p in people]}
        return world.client(scene.dana).post(f"{API}/working-groups/{group.pk}/join", said)

    assert faults(denied(lambda: join(scene.lucia))) == [("people", "no_certificate")]
    mark(scene, training, scene.lucia, True)
    assert faults(denied(lambda: join(scene.lucia, scene.dana))) == [("people", "no_certificate")]
    assert join(scene.lucia).status_code == 200
    mark(scene, training, scene.lucia, False)
    assert scene.lucia.pk in members(group.members_id)


def test_who_asks_to_join_hears_of_it_at_once_and_again_when_let_in(scene, training, group):
    groups.edit_working_group(Actor(scene.mara), group, group.version, joining="request")
    said = {"working_group": str(group.pk), "acting_for": str(scene.house.pk), "people": [str(scene.lucia.pk)]}

    def apply():
        return world.client(scene.dana).post(f"{API}/join-applications", said)

    assert faults(denied(apply)) == [("people", "no_certificate")]
    mark(scene, training, scene.lucia, True)
    application = apply().json()["result"]["id"]
    mark(scene, training, scene.lucia, False)
    accept = f"{API}/join-applications/{application}/accept"
    assert faults(denied(lambda: world.client(scene.mara).post(accept))) == [("people", "no_certificate")]
    mark(scene, training, scene.lucia, True)
    assert world.client(scene.mara).post(accept).status_code == 200


def test_another_kind_of_training_does_not_do(scene, group):
    event = course(scene.acting(scene.mara), [scene.house], event_kind="webinar", certificate=True)
    register(scene, scene.lucia, dates(event)[0])
    mark(scene, event, scene.lucia, True)
    with pytest.raises(Invalid):
        groups.join_open_group(scene.acting(scene.dana), group, [scene.lucia])
