"""After the agreement of an organization has lapsed its people read what they read, and take back; nothing is written.

What is refused, and what is not, is said of each write there is; whoever adds one decides.
"""

import traceback
from contextlib import contextmanager

import pytest
from django.db import transaction

from coordination.requests import services as requests
from messaging import services as messaging
from portal.kernel.errors import Invalid, Problem
from portal.kernel.kinds import KINDS
from portal.kernel.models import Audience
from portal.kernel.standing import forget_standings, standing
from portal.kernel.writing import SERVICES, Actor
from portal.people.models import User
from tests import world
from tests.kernel.scenarios import SCENARIOS
from tests.kernel.test_services import Walked
from tests.organizations.agreed import agreed, lapse
from tests.permissions.table import TABLE
from tests.scene import API, Scene, denied, problem

pytestmark = pytest.mark.django_db

TAKES_BACK = {
    "portal.organizations.services": "change_tier remove_person leave_network revoke_invitation",
    "coordination.working_groups.services": (
        "leave_working_group remove_member name_lead unname_lead decline_rule withdraw_rule_acceptance"
        " withdraw_application withdraw_invitation_to_group"
    ),
    "coordination.requests.services": "withdraw_request withdraw_answer stand_aside",
    "coordination.resources.services": (
        "close_need close_offer unshare_listing withdraw_pledge fail_pledge dismiss_suggestion"
    ),
    "coordination.events.services": (
        "cancel_event cancel_date unshare_event unpublish_event cancel_registration remove_whereabouts"
    ),
    "coordination.rota.services": "hand_over_shift remove_shift decline_swap withdraw_swap",
    "coordination.tasks.services": "remove_task",
    "messaging.services": (
        "delete_message unpin_message leave_channel remove_from_channel remove_organization name_moderator"
        " unname_moderator"
    ),
}
READS = {
    "coordination.events.services": "acknowledge_news",
    "coordination.resources.services": "record_export",
    "messaging.services": "acknowledge_message mark_read mute_channel",
}
# by the portal itself, by strangers, or by the network's administrators
BY_OTHERS = {
    "portal.organizations.services": (
        "record_agreement tell_of_agreement ask_for_agreements found verify suspend reinstate seat expire_invitation"
        " issue_token apply_from_outside accept_application decline_application"
    ),
    "coordination.working_groups.services": "end_working_group",
    "coordination.requests.services": "expire_request ring_clock call_those_on_call",
    "coordination.resources.services": (
        "record_suggestion record_suggestions remind_of_capacity expire_need expire_offer"
    ),
    "messaging.services": (
        "call_again create_channel rename_channel open_channel_about bring_in take_out end_channel purge_channel"
        " archive_channels_of reopen_channels_of"
    ),
}
# of what is one's own
OF_ONESELF = ("portal.people.", "portal.notify.", "coordination.calendars.")
OTHERWISE = {
    # whoever holds an invitation is told no more than of one that was taken back
    "portal.organizations.services.accept_invitation": "invitation_used",
    "portal.organizations.services.accept_invitation_as_new": "invitation_used",
    # one of the two who write is not in the channel
    "messaging.posting.post_messages": "agreement_lapsed, not_found",
}


def named(table):
    return {f"{room}.{name}" for room, names in table.items() for name in names.split()}


SAID = named(TAKES_BACK) | named(READS) | named(BY_OTHERS)
WRITES = [name for name in SCENARIOS if name not in SAID and not name.startswith(OF_ONESELF)]
UNPREPARED = "something else is refused before"
NAMES = {name.rpartition(".")[2] for name in SERVICES}


def outcomes(scene, names):
    """By which code each write is refused after the agreements of all have lapsed; "": it is not."""
    found = {}
    with undone(scene):
        lapse_all(scene)
        for name in names:
            with undone(scene):
                found[name] = outcome(name, lambda name=name: SCENARIOS[name](scene))
    # what has to be prepared, is so before
    for name in [name for name, code in found.items() if code is UNPREPARED]:
        with undone(scene):
            run = SCENARIOS[name](scene)
            lapse_all(scene)
            found[name] = outcome(name, run)
    return found


def outcome(name, run):
    try:
        result = run()
    except Problem as refusal:
        frames = [frame.f_code for frame, _ in traceback.walk_tb(refusal.__traceback__)]
        asked = next(c.co_name for c in frames if "/tests/" not in c.co_filename and c.co_name in NAMES)
        return refusal.code if name.endswith(f".{asked}") else UNPREPARED
    if isinstance(result, list):
        return ", ".join(sorted({each.code for each in result if isinstance(each, Problem)}))
    return UNPREPARED if callable(result) else ""


@contextmanager
def undone(scene):
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
    forget(scene)


def lapse_all(scene):
    lapse(scene.agency, scene.house, scene.clinic, scene.outside)
    forget(scene)


def forget(scene):
    """Everybody as they are now."""
    forget_standings()
    for person in [each for each in vars(scene).values() if isinstance(each, User)]:
        person.refresh_from_db(fields=["access_version"])


def test_what_is_said_of_writes_names_writes():
    assert SERVICES.keys() >= SAID


def test_the_policies_keep_open_what_the_document_says():
    kept = {name: set(kind.policy.still_open) for name, kind in KINDS.items()}
    assert {name: verbs for name, verbs in kept.items() if verbs} == TABLE.still_open


def test_nothing_is_written_and_what_takes_back_stays_possible():
    expected = dict.fromkeys(named(TAKES_BACK) | named(READS), "")
    expected |= {name: OTHERWISE.get(name, "agreement_lapsed") for name in WRITES}
    found = outcomes(Walked(), expected)
    wrong = {name: found[name] or "written" for name in found if found[name] != expected[name]}
    assert not wrong, "\n".join(f"{name}: {code}" for name, code in wrong.items())


@pytest.fixture
def scene(db):
    return Scene()


def test_nobody_asks_it_for_help_by_name(scene):
    lapse(scene.house)
    with pytest.raises(Invalid) as refusal:
        scene.post(scene.house)
    assert [(e.field, e.code) for e in refusal.value.errors] == [("organizations", "agreement_lapsed")]


def test_what_is_refused_is_not_offered(scene):
    path = f"{API}/requests/{scene.request.pk}"
    mara = world.client(scene.mara)
    assert {"close", "edit", "withdraw"} <= set(mara.get(path).json()["mine"]["allowed"])
    lapse(scene.agency)
    assert mara.get(path).json()["mine"]["allowed"] == ["withdraw"]
    assert problem(denied(lambda: mara.post(f"{path}/close", {"outcome": "met"}))) == (409, "agreement_lapsed")
    assert mara.post(f"{path}/withdraw").json()["result"]["state"] == "withdrawn"


def test_whoever_may_not_is_told_that_and_whoever_sees_nothing_sees_nothing(scene):
    path = f"{API}/requests/{scene.request.pk}/close"
    lapse(scene.agency, scene.house, scene.outside)
    for who, answer in ((scene.jonas, 403), (scene.dana, 403), (scene.otto, 404)):
        assert denied(lambda who=who: world.client(who).post(path, {"outcome": "met"})).status_code == answer


def test_it_holds_for_what_somebody_does_by_virtue_of_it_alone(scene):
    """Of a group and a direct conversation, too; and not for whoever works for another, or administers the network."""
    channel, talk = scene.group.channel, scene.talk
    scene.say(scene.dana)
    world.seat(scene.clinic, scene.mara)
    lapse(scene.house)
    dana, mara = world.client(scene.dana), world.client(scene.mara)
    for each in (channel, talk):
        said = {"id": "018f4f7e-0000-7000-8000-000000000001", "body": "Still here", "acting_for": None}
        path = f"{API}/channels/{each.pk}/messages"
        assert problem(dana.post(path, said)) == (409, "agreement_lapsed")
        assert dana.get(path).status_code == 200
        assert mara.post(path, said).status_code == 201
    lapse(scene.agency)
    scene.mara.refresh_from_db()
    stands = standing(scene.mara, fresh=True).doing()
    assert stands.within_any(Audience.Kind.EVERYONE)
    assert not stands.within(scene.agency.members_id)
    chief = world.administrator()
    world.seat(scene.agency, chief)
    assert standing(chief, fresh=True).doing().within_any(Audience.Kind.NETWORK_ADMINISTRATORS)


def test_it_lapses_between_reading_and_writing_and_holds_again_when_it_is_renewed(scene):
    """What was fetched, and whoever was allowed, before: asked again under the locks."""
    request, actor = scene.request, Actor(scene.mara)
    assert "close" in world.client(scene.mara).get(f"{API}/requests/{request.pk}").json()["mine"]["allowed"]
    agreement = agreed(Actor(world.administrator()), scene.agency, 1)
    scene.mara.refresh_from_db()
    assert standing(scene.mara).until == agreement.until
    lapse(scene.agency)
    with pytest.raises(Problem, match="agreement_lapsed"):
        requests.close_request(actor, request, "met")
    agreed(Actor(world.administrator()), scene.agency, 30)
    assert requests.close_request(actor, request, "met").state == "done"


def test_nobody_asks_or_invites_it(scene):
    mara, group = scene.acting(scene.mara), scene.group
    channel = messaging.create_private_channel(mara, "Desk")
    lapse(scene.clinic, scene.house)
    for path, body, field in (
        ("group-invitations", {"working_group": str(group.pk), "organization": str(scene.clinic.pk)}, ""),
        ("channels", {"name": "Rota", "organizations": [str(scene.clinic.pk)]}, "s"),
    ):
        answer = denied(lambda path=path, body=body: world.client(scene.mara).post(f"{API}/{path}", body))
        assert [(e["field"], e["code"]) for e in answer.json()["errors"]] == [
            (f"organization{field}", "agreement_lapsed")
        ]
    for ask in (
        lambda: scene.post(scene.clinic),
        lambda: messaging.create_private_channel(mara, "Rota", people=[scene.dana]),
        lambda: messaging.add_people(mara, channel, [scene.dana]),
    ):
        with pytest.raises(Problem) as refused:
            ask()
        assert [e.code for e in refused.value.errors] == ["agreement_lapsed"]
