"""How the demo's groups and channels come together, and who waits to come in."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from coordination.working_groups import services as working_groups
from coordination.working_groups.models import JoinApplication, RuleAcceptance
from messaging import services as messaging
from portal.config.demo.groups import (
    ANNOUNCING,
    APPLICATIONS,
    ARCHIVED,
    CHANNELS,
    DECLINED,
    DIRECT,
    GROUPS,
    INVITATIONS,
    PRIVATE,
    RULE_WAITS,
    SEALED_GROUP,
    Group,
)
from portal.config.demo.people import PEOPLE
from portal.kernel.writing import Actor

if TYPE_CHECKING:
    from portal.config.demo.play import Play

OPENED = 31  # days ago


def gather(play: Play) -> None:
    for number, (key, group) in enumerate(GROUPS.items()):
        moment = play.hours.on(9 if key == SEALED_GROUP else OPENED, "10:00") + timedelta(minutes=20 * number)
        play.at(moment, found, play, key, group)
        for minute, named in enumerate(group.people.split(" | "), start=1):
            play.at(
                moment + timedelta(minutes=minute),
                come,
                play,
                key,
                group,
                named,
            )
    play.at(play.hours.on(OPENED - 1, "09:00"), more_channels, play)
    play.at(play.hours.on(9, "17:00"), private_channel, play, "heron")
    play.at(play.hours.on(27, "20:00"), archive, play)


def found(play: Play, key: str, group: Group) -> None:
    play.groups[key] = working_groups.create_working_group(
        play.acting(group.lead),
        name=group.name,
        group_kind=group.kind,
        purpose=group.purpose,
        joining=group.joining,
        rule=group.rule,
        parent=play.groups.get(group.parent),
    )
    play.channels[key] = play.groups[key].channel


def come(play: Play, key: str, group: Group, named: str) -> None:
    """By the group's own way of joining; a coordinator brings who is named, their own first."""
    people, target = play.named(named), play.groups[key]
    house = PEOPLE[named.split()[0]].house
    coordinator = next(k for k, one in PEOPLE.items() if one.house == house and one.tier == "administrator")
    bring, lead = play.acting(coordinator), play.acting(group.lead)
    target.refresh_from_db()
    match group.joining:
        case "open":
            working_groups.join_open_group(bring, target, people)
        case "request":
            application = working_groups.apply_to_join(bring, target, people)
            working_groups.accept_application(lead, application)
        case _:
            invitation = working_groups.invite_organization(lead, target, bring.acting_for)
            working_groups.accept_invitation_to_group(bring, invitation, people)
    for acceptance in RuleAcceptance.objects.filter(working_group=target, person__in=people, state="asked"):
        working_groups.accept_rule(Actor(acceptance.person), acceptance, target.rule_version)


def more_channels(play: Play) -> None:
    for key, (group, name, topic, announcing) in CHANNELS.items():
        lead = play.acting(GROUPS[group].lead)
        play.groups[group].refresh_from_db()
        play.channels[key] = working_groups.open_group_channel(
            lead, play.groups[group], name, topic=topic, announcement=announcing
        )
    for key in PRIVATE:
        if key != "heron":
            private_channel(play, key)
    for key, pair in DIRECT.items():
        opener, *others = play.named(pair)
        play.channels[key] = messaging.open_direct_conversation(Actor(opener), others)


def private_channel(play: Play, key: str) -> None:
    name, topic, opener, people, houses = PRIVATE[key]
    play.channels[key] = messaging.create_private_channel(
        Actor(play.who[opener]),
        name,
        topic=topic,
        announcement=key in ANNOUNCING,
        people=play.named(people),
        organizations=[play.houses[house] for house in houses.split()],
    )


def archive(play: Play) -> None:
    group = play.groups[ARCHIVED]
    group.refresh_from_db()
    working_groups.archive_working_group(play.acting(GROUPS[ARCHIVED].lead), group)


def wait(play: Play) -> None:
    """What lies on somebody's Today, to be decided."""
    for number, (group, asker, named, note) in enumerate(APPLICATIONS):
        play.at(play.hours.ago(2000 - 400 * number), apply, play, group, asker, named, note)
    play.at(play.hours.on(12, "11:00"), declined, play)
    for number, (group, lead, house, note) in enumerate(INVITATIONS):
        play.at(play.hours.ago(1500 - 500 * number), invite, play, group, lead, house, note)
    play.at(play.hours.ago(700), asked_for_the_rule, play)


def apply(play: Play, group: str, asker: str, named: str, note: str) -> JoinApplication:
    return working_groups.apply_to_join(play.acting(asker), play.groups[group], play.named(named), note)


def invite(play: Play, group: str, lead: str, house: str, note: str) -> None:
    working_groups.invite_organization(play.acting(lead), play.groups[group], play.houses[house], note)


def declined(play: Play) -> None:
    group, asker, named, note, reason = DECLINED
    application = apply(play, group, asker, named, note)
    working_groups.decline_application(play.acting(GROUPS[group].lead), application, reason)


def asked_for_the_rule(play: Play) -> None:
    group, bringer, named = RULE_WAITS
    bring = play.acting(bringer)
    invitation = working_groups.invite_organization(
        play.acting(GROUPS[group].lead), play.groups[group], bring.acting_for
    )
    working_groups.accept_invitation_to_group(bring, invitation, play.named(named))
