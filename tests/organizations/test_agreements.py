"""What an organization and the network agreed on: told of before it ends, then nothing is written for it until it is
renewed, and all is read as before."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.db.models import F
from django.test import Client

from portal.kernel import clock
from portal.kernel.errors import Conflict
from portal.kernel.models import AuditRecord, Network
from portal.kernel.standing import standing
from portal.kernel.writing import Actor
from portal.organizations import jobs, services
from portal.organizations.acting import actor, actors
from portal.organizations.models import Agreement, Organization, Tier
from tests import world
from tests.organizations.agreed import agreed, lapse
from tests.organizations.test_organizations import faults

pytestmark = pytest.mark.django_db
PATH = "/api/v1/agreements"


def body(house, **changed):
    today = Network.current().day(clock.now())
    return {
        "organization": str(house.pk),
        "signed_on": today.isoformat(),
        "review_on": (today + timedelta(days=365)).isoformat(),
        "countersigned_by": "Chair of the steering committee",
        "reference": "Folder 7",
        **changed,
    }


def lapsed(agreement):
    """The moment it is over."""
    return clock.at(agreement.until)


def code(answer):
    return answer.status_code, answer.json()["code"]


# recorded


def test_an_administrator_of_the_network_records_it(house, ada, chief):
    answer = world.client(chief).post(PATH, body(house))
    assert answer.status_code == 201
    found = answer.json()["result"]
    assert (found["countersigned_by"], found["reference"]) == ("Chair of the steering committee", "Folder 7")
    assert [a["id"] for a in world.client(ada).get(PATH).json()["results"]] == [found["id"]]
    told = world.client(ada).get(f"/api/v1/organizations/{house.pk}").json()["result"]
    assert told["agreed_until"] == found["until"]
    record = AuditRecord.objects.get(action="agreement.record")
    assert (record.actor, record.detail) == (chief.pk, {"review_on": found["review_on"]})


def test_it_is_in_force_to_the_end_of_the_day_where_the_network_is(house, chief):
    agreement = agreed(Actor(chief), house, 1)
    local = agreement.until.astimezone(Network.current().zone)
    assert (local.hour, local.date()) == (0, agreement.review_on + timedelta(days=1))


def test_nobody_else_records_or_reads_it(house, ada, cora, mel, olga, chief):
    agreement = agreed(Actor(chief), house)
    for who in (cora, mel, olga):
        caller = world.client(who)
        assert caller.get(PATH).json()["results"] == []
        assert caller.get(f"{PATH}/{agreement.pk}").status_code == 404
    for who in (ada, cora, mel, olga):
        assert world.client(who).post(PATH, body(house)).status_code == 403


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"signed_on": "2999-01-01"}, ("signed_on", "too_far")),
        ({"review_on": "2020-01-01"}, ("review_on", "in_the_past")),
        ({"review_on": "2999-01-01"}, ("review_on", "too_far")),
        ({"review_on": "soon"}, ("review_on", "not_a_date")),
        ({"countersigned_by": ""}, ("countersigned_by", "blank")),
        ({"until": "2999-01-01"}, ("until", "unknown_field")),
    ],
)
def test_what_makes_no_sense_is_refused(house, chief, change, fault):
    assert faults(world.client(chief).post(PATH, body(house, **change))) == [fault]


def test_the_database_itself_keeps_the_order_of_dates(house, chief):
    agreed(Actor(chief), house)
    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.update(review_on=F("signed_on"))


# needed


def test_where_the_network_asks_for_one_nobody_is_verified_without(network, chief):
    Network.objects.update(agreement_required=True)
    waiting = world.organization("Waiting", verified=False)
    caller = world.client(chief)
    assert code(caller.post(f"/api/v1/organizations/{waiting.pk}/verify")) == (409, "agreement_missing")
    agreed(Actor(chief), waiting)
    assert caller.post(f"/api/v1/organizations/{waiting.pk}/verify").json()["result"]["status"] == "verified"


def test_its_administrators_say_whether_it_does(network, ada, chief):
    def ask(who, **said):
        return (who if isinstance(who, Client) else world.client(who)).patch(
            "/api/v1/network", said, content_type="application/json"
        )

    assert ask(ada, agreement_required=True).status_code == 403
    assert ask(None, agreement_required=True).status_code == 401
    assert not Network.current().agreement_required
    assert ask(chief, agreement_required=True).json()["agreement_required"] is True
    assert world.client(ada).get("/api/v1/session").json()["network"]["agreement_required"] is True
    assert AuditRecord.objects.get(action="network.ask_for_agreements").detail == {"required": True}
    assert faults(ask(chief)) == [("agreement_required", "required")]
    caller = world.client(chief)
    world.age_proofs(chief)
    assert code(ask(caller, agreement_required=False)) == (403, "proof_required")
    assert Network.current().agreement_required


def test_whoever_let_it_lapse_is_not_verified_before_it_is_renewed(network, chief):
    waiting = world.organization("Waiting", verified=False)
    lapse(waiting)
    caller = world.client(chief)
    assert code(caller.post(f"/api/v1/organizations/{waiting.pk}/verify")) == (409, "agreement_lapsed")


def test_where_it_asks_for_none_nothing_changes(house, mel):
    with clock.at(datetime(2040, 1, 1, tzinfo=UTC)):
        assert actor(mel, house.pk).acting_for == house


# over


def test_nothing_is_written_for_it_and_all_is_read(house, mel, ada, chief):
    agreement = agreed(Actor(chief), house, 10)
    assert actor(mel, house.pk).acting_for == house
    with lapsed(agreement):
        with pytest.raises(Conflict, match="agreement_lapsed"):
            actor(mel, house.pk)
        (refused,) = actors([(mel, standing(mel), house.pk)])
        assert refused.code == "agreement_lapsed"
        assert world.client(mel).get(f"/api/v1/organizations/{house.pk}").status_code == 200
        agreed(Actor(chief), house, 10)
        assert actor(mel, house.pk).acting_for == Organization.objects.get(pk=house.pk)


def test_it_lapses_between_the_question_and_the_write(house, cora, chief):
    """`confirm` asks again under the lock."""
    from portal.kernel.writing import writing
    from portal.organizations.acting import confirm

    agreement = agreed(Actor(chief), house, 10)
    asked = actor(cora, house.pk)
    with lapsed(agreement), pytest.raises(Conflict, match="agreement_lapsed"), writing(asked) as w:
        confirm(w, Tier.MEMBER)


def test_nobody_new_comes_into_it(house, ada, chief):
    agreement = agreed(Actor(chief), house, 3)
    invitation = services.invite(Actor(ada, house), house, "nia@example.org", Tier.MEMBER)
    token = services.issue_token(invitation)
    with lapsed(agreement):
        Organization.objects.get(pk=house.pk)
        path = f"/api/v1/organizations/{house.pk}"
        asked = world.client(ada).post(f"{path}/invitations", {"email": "x@example.org", "tier": "member"})
        assert code(asked) == (409, "agreement_lapsed")
        assert "invite" not in world.client(ada).get(path).json()["mine"]["allowed"]
        assert world.client().get(f"/api/v1/invitations/{token}").status_code == 404
        agreed(Actor(chief), house)
        assert world.client().get(f"/api/v1/invitations/{token}").status_code == 200


# told of before


def tell(at):
    with clock.at(at):
        jobs.tell_of_agreements()
        world.work()
    told = [(m.to[0], m.subject, m.body) for m in mail.outbox]
    mail.outbox.clear()
    return told


def test_administrators_are_told_thirty_and_seven_days_before_and_each_once(house, ada, mel, chief):
    agreement = agreed(Actor(chief), house, 60)
    assert tell(agreement.until - timedelta(days=31)) == []
    first = tell(agreement.until - timedelta(days=29))
    assert {to for to, *_ in first} == {ada.email, chief.email}
    assert {subject for _, subject, _ in first} == {"Something is waiting for you."}
    assert not any(house.name in text for _, *words in first for text in words)
    assert tell(agreement.until - timedelta(days=28)) == []
    assert len(tell(agreement.until - timedelta(days=6))) == 2
    assert tell(agreement.until - timedelta(days=1)) == []
    agreement.refresh_from_db()
    assert agreement.told_before == 7


def test_of_what_is_renewed_already_nobody_is_told(house, ada, chief):
    agreement = agreed(Actor(chief), house, 60)
    agreed(Actor(chief), house, 300)
    assert tell(agreement.until - timedelta(days=29)) == []
