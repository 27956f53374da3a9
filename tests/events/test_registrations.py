"""Who comes: seats taken in order, the wait list, on whose behalf, who was there, and what is shown to attendees."""

from datetime import timedelta

import pytest

from coordination.events import services
from coordination.events.models import Event, Occurrence, Registration
from coordination.working_groups import services as groups
from portal.kernel import clock
from portal.kernel.standing import forget_standings, is_member
from portal.kernel.writing import Actor
from portal.organizations.models import OrganizationMember
from tests import world
from tests.events.gathering import cancel, course, dates, register, registration, whereabouts
from tests.scene import API, Scene, denied, faults, problem, refused

pytestmark = pytest.mark.django_db
PATH = f"{API}/registrations"


@pytest.fixture
def scene(db):
    scene = Scene()
    scene.nadia = world.person(scene.house, "member", "Nadia")
    scene.event = course(scene.acting(scene.mara), [scene.house, scene.clinic], seats=1)
    scene.first = dates(scene.event)[0]
    return scene


def come(scene, person, organization=None):
    organization = organization or scene.employer(person)
    return world.client(person).post(
        f"{API}/occurrences/{scene.first.pk}/register", {"acting_for": str(organization.pk)}
    )


def bring(scene, by, *people, organization=None):
    said = {"acting_for": str((organization or scene.house).pk), "people": [str(p.pk) for p in people]}
    return world.client(by).post(f"{API}/occurrences/{scene.first.pk}/register-people", said)


def seats(scene):
    found = Occurrence.objects.get(pk=scene.first.pk)
    return found.seats_taken, found.waiting


def states(scene, *people):
    return [registration(person, scene.first).state for person in people]


def listed(person, query=""):
    return world.client(person).get(f"{PATH}?{query}").json()["results"]


def shown(person, event):
    answer = world.client(person).get(f"{API}/events/{event.pk}/whereabouts")
    return {w["what"] for w in answer.json()["results"]} if answer.status_code == 200 else None


def leave(scene, person):
    place = OrganizationMember.objects.get(user=person)
    world.remove(scene.acting(scene.dana), place)


def test_who_comes_after_the_last_seat_waits_and_moves_up_in_order(scene):
    assert come(scene, scene.lucia).json()["mine"]["registration"]["state"] == "registered"
    for place, person in enumerate((scene.grace, scene.dana), start=1):
        mine = come(scene, person).json()["mine"]["registration"]
        assert (mine["state"], mine["place"]) == ("waiting", place)
    assert seats(scene) == (1, 2)
    cancel(scene.lucia, registration(scene.lucia, scene.first))
    assert states(scene, scene.lucia, scene.grace, scene.dana) == ["cancelled", "registered", "waiting"]
    assert registration(scene.grace, scene.first).news == "moved_up"
    assert seats(scene) == (1, 1)
    come(scene, scene.lucia)
    services.change_date(Actor(scene.mara), dates(scene.event)[0], dates(scene.event)[0].version, seats=2)
    assert states(scene, scene.dana, scene.lucia) == ["registered", "waiting"]
    assert seats(scene) == (2, 1)


def test_nobody_registers_twice(scene):
    come(scene, scene.dana)
    assert problem(denied(lambda: come(scene, scene.dana))) == (409, "already_registered")
    assert problem(denied(lambda: bring(scene, scene.dana, scene.dana))) == (409, "already_registered")


def test_coordinators_register_their_people_and_nobody_elses(scene):
    assert bring(scene, scene.dana, scene.lucia, scene.nadia).status_code == 200
    assert [(r.state, r.registered_by) for r in Registration.objects.order_by("ticket")] == [
        ("registered", scene.dana),
        ("waiting", scene.dana),
    ]
    assert faults(denied(lambda: bring(scene, scene.dana, scene.grace))) == [("people", "not_a_member")]
    assert problem(denied(lambda: bring(scene, scene.lucia, scene.nadia))) == (403, "not_allowed")
    refusal = denied(lambda: bring(scene, scene.dana, scene.grace, organization=scene.clinic))
    assert faults(refusal) == [("acting_for", "not_yours")]


def test_where_a_group_is_invited_each_registers_for_themselves(scene):
    """Who of an organization is in the group is not told by this, nor that there is something to come to."""
    scene.event = course(scene.acting(scene.mara), [], working_groups=[scene.group])
    scene.first = dates(scene.event)[0]
    assert problem(denied(lambda: bring(scene, scene.dana, scene.lucia))) == (403, "not_allowed")
    scene.admit(scene.group, scene.grace)
    world.seat(scene.clinic, scene.lucia, "coordinator")
    come(scene, scene.grace)
    held = registration(scene.grace, scene.first)
    assert [r["id"] for r in listed(scene.mara)] == [str(held.pk)]
    assert listed(scene.lucia) == []


def test_others_see_numbers_and_no_names(scene):
    come(scene, scene.lucia)
    come(scene, scene.grace)
    assert len(listed(scene.mara)) == 2
    assert [r["person"]["name"] for r in listed(scene.dana)] == ["Lucia"]
    assert [r["person"]["name"] for r in listed(scene.grace)] == ["Grace"]
    assert (listed(scene.nadia), listed(scene.jonas), listed(scene.otto)) == ([], [], [])
    seen = world.client(scene.nadia).get(f"{API}/occurrences/{scene.first.pk}")
    assert (seen.json()["result"]["seats_taken"], seen.json()["result"]["waiting"]) == (1, 1)
    assert b"Lucia" not in seen.content


def test_who_was_there_is_said_once_it_has_begun_by_who_organizes_it(scene):
    come(scene, scene.dana)
    path = f"{PATH}/{registration(scene.dana, scene.first).pk}/mark"
    assert problem(denied(lambda: world.client(scene.mara).post(path, {"attended": True}))) == (409, "wrong_state")
    with clock.at(scene.first.starts_at):
        services.mark_attendance(Actor(scene.mara), registration(scene.dana, scene.first), True)
        held = registration(scene.dana, scene.first)
        assert held.attended is True
        for who in (scene.dana, scene.jonas):
            code = refused(
                lambda who=who: services.mark_attendance(Actor(who), registration(scene.dana, scene.first), True)
            )
            assert code == ("not_allowed" if who == scene.dana else "not_found")
        assert refused(lambda: services.cancel_registration(Actor(scene.dana), held)) == "wrong_state"


def test_the_link_is_shown_with_a_seat_and_gone_without(scene):
    assert shown(scene.lucia, scene.event) == {"directions"}
    come(scene, scene.lucia)
    come(scene, scene.grace)
    assert shown(scene.lucia, scene.event) == {"directions", "online"}
    assert shown(scene.grace, scene.event) == {"directions"}
    assert shown(scene.jonas, scene.event) == {"directions", "online"}
    assert shown(scene.otto, scene.event) is None
    link = whereabouts(scene.event, "online")
    hidden = denied(lambda: world.client(scene.grace).get(f"{API}/whereabouts/{link.pk}"))
    cancel(scene.lucia, registration(scene.lucia, scene.first))
    assert shown(scene.lucia, scene.event) == {"directions"}
    assert shown(scene.grace, scene.event) == {"directions", "online"}
    gone = denied(lambda: world.client(scene.lucia).get(f"{API}/whereabouts/{link.pk}"))
    assert hidden.content == gone.content
    with clock.at(scene.first.ends_at + timedelta(days=8)):
        forget_standings()
        assert not is_member(scene.grace.pk, scene.event.attendees_id)


def test_who_leaves_their_organization_loses_their_seat_and_the_next_moves_up(scene):
    come(scene, scene.lucia)
    come(scene, scene.grace)
    leave(scene, scene.lucia)
    assert states(scene, scene.lucia, scene.grace) == ["cancelled", "registered"]
    assert shown(scene.lucia, scene.event) is None
    assert not is_member(scene.lucia.pk, scene.event.attendees_id)


def test_what_is_over_stays_when_somebody_leaves(scene):
    come(scene, scene.lucia)
    with clock.at(scene.first.ends_at):
        leave(scene, scene.lucia)
        assert states(scene, scene.lucia) == ["registered"]


def test_who_leaves_the_group_that_was_invited_loses_their_seat(scene):
    scene.event = course(scene.acting(scene.mara), [], working_groups=[scene.group], seats=1)
    scene.first = dates(scene.event)[0]
    scene.admit(scene.group, scene.grace)
    come(scene, scene.dana)
    come(scene, scene.grace)
    groups.leave_working_group(Actor(scene.dana), scene.group)
    assert states(scene, scene.dana, scene.grace) == ["cancelled", "registered"]


def test_taken_from_an_organization_its_seats_are_free(scene):
    for person in (scene.lucia, scene.dana, scene.grace):
        come(scene, person)
    services.unshare_event(scene.acting(scene.mara), Event.objects.get(), scene.house.members.uuid)
    assert states(scene, scene.lucia, scene.dana, scene.grace) == ["cancelled", "cancelled", "registered"]
    assert registration(scene.dana, scene.first).news == ""
    assert (shown(scene.lucia, scene.event), listed(scene.dana)[0]["state"]) == (None, "cancelled")
    assert seats(scene) == (1, 0)


def test_a_suspended_organization_comes_to_nothing_and_what_it_organizes_is_cancelled(scene):
    come(scene, scene.lucia)
    come(scene, scene.grace)
    own = course(scene.acting(scene.dana), [scene.clinic])
    register(scene, scene.grace, dates(own)[0])
    scene.suspend(scene.house)
    assert states(scene, scene.lucia, scene.grace) == ["cancelled", "registered"]
    assert shown(scene.lucia, scene.event) is None
    assert {o.state for o in dates(own)} == {"cancelled"}
    assert registration(scene.grace, dates(own)[0]).news == "cancelled"


def test_today_is_told_what_comes_and_what_became_of_it(scene):
    come(scene, scene.lucia)
    come(scene, scene.grace)
    cancel(scene.lucia, registration(scene.lucia, scene.first))
    today = world.client(scene.grace).get(f"{PATH}?mine=true&ahead=true").json()
    (found,) = today["results"]
    assert (found["news"], found["state"]) == ("moved_up", "registered")
    assert today["mine"][found["id"]]["allowed"] == ["acknowledge", "cancel"]
    done = world.client(scene.grace).post(f"{PATH}/{found['id']}/acknowledge", {})
    assert (done.json()["result"]["news"], done.json()["mine"]["allowed"]) == ("", ["cancel"])
    assert listed(scene.lucia, "mine=true&ahead=true") == []
    with clock.at(scene.first.ends_at):
        assert listed(scene.grace, "mine=true&ahead=true") == []


def test_buttons_and_server_agree(scene):
    def offered(person):
        answer = world.client(person).get(f"{API}/occurrences/{scene.first.pk}").json()["mine"]
        return answer["allowed"], answer["registering"]

    house, agency = [str(scene.house.pk)], [str(scene.agency.pk)]
    assert offered(scene.mara) == (["cancel", "change", "change_following", "register", "register_people"], agency)
    assert offered(scene.dana) == (["register", "register_people"], house)
    assert offered(scene.lucia) == (["register"], [])
