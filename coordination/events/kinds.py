"""The kinds of event, in one table: whom each may be shared with, and whether its name is kept to those who see it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class EventKind:
    """`organizations`, `everyone`: may it be shared with organizations by name, with the whole network.

    `hidden`: of its owner's people, those who coordinate it alone know of it and post it.
    `public`: may anybody read of it, on the public pages.
    `trains`: may who was there get a certificate.
    `sensitive`: wherever its name might be read by others, it is said only that one is busy.
    """

    name: str
    organizations: bool = True
    everyone: bool = True
    public: bool = True
    trains: bool = False
    hidden: bool = False
    sensitive: bool = False


KINDS = {
    kind.name: kind
    for kind in (
        EventKind(name="plenary_meeting"),
        EventKind(name="committee_meeting", public=False),
        EventKind(name="professional_training", trains=True),
        EventKind(name="train_the_trainer", trains=True),
        EventKind(name="roll_call_briefing", public=False),
        EventKind(name="webinar", trains=True),
        EventKind(name="community_outreach"),
        EventKind(name="awareness_campaign"),
        EventKind(name="prevention_education", trains=True),
        EventKind(name="survivor_led_session", public=False, sensitive=True),
        EventKind(name="resource_fair"),
        EventKind(name="tabletop_exercise", public=False),
        EventKind(name="operation_briefing", everyone=False, public=False, hidden=True, sensitive=True),
        EventKind(name="staff_debrief", organizations=False, everyone=False, public=False, sensitive=True),
    )
}
TRAINING = [kind.name for kind in KINDS.values() if kind.trains]
