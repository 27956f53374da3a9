"""Directions and the online link: said, worded anew, shown to others, taken away."""

from coordination.events.models import Event, Whereabouts
from coordination.events.policy import EVENTS, WHEREABOUTS, owning
from portal.kernel.errors import Invalid
from portal.kernel.models import Change
from portal.kernel.writing import Actor, Writing, service, writing


@service
def say_where(actor: Actor, event: Event, what: str, text: str, shown_to: str) -> Whereabouts:
    """To all who are invited, or to those who hold a seat. One's own people see it in any case."""
    with writing(actor, objects=[event]) as w:
        EVENTS.require(actor.person, "say_where", event)
        w.demand(event, "say_where")
        if event.whereabouts.filter(what=what).exists():
            raise Invalid("what", "already_used", "This has been said already: word it anew.")
        return make(w, event, what, text, shown_to)


@service
def edit_whereabouts(actor: Actor, whereabouts: Whereabouts, version: int, **fields: str) -> Whereabouts:
    event = whereabouts.event
    with writing(actor, objects=[event, whereabouts]) as w:
        whereabouts.event = event
        WHEREABOUTS.require(actor.person, "edit", whereabouts)
        w.expect(whereabouts, version)
        w.demand(whereabouts, "edit")
        for field, value in fields.items():
            setattr(whereabouts, field, value)
        w.put(whereabouts)
        tell(w, event, whereabouts)
        w.audit("whereabouts.edit", whereabouts, fields=sorted(fields))
        return whereabouts


@service
def remove_whereabouts(actor: Actor, whereabouts: Whereabouts) -> None:
    event = whereabouts.event
    with writing(actor, objects=[event, whereabouts]) as w:
        whereabouts.event = event
        WHEREABOUTS.require(actor.person, "remove", whereabouts)
        for audience in w.grants[whereabouts.pk]:
            w.append(audience, Change.Op.DELETED, whereabouts.kind, whereabouts.pk, whereabouts.version + 1)
        w.audit("whereabouts.remove", whereabouts)
        whereabouts.delete()


# the pieces of these sentences


def make(w: Writing, event: Event, what: str, text: str, shown_to: str) -> Whereabouts:
    whereabouts = Whereabouts(event=event, what=what, text=text, shown_to=shown_to)
    whereabouts.save(force_insert=True)
    w.created(whereabouts, *audiences_for(w, event, whereabouts))
    w.audit("whereabouts.say", whereabouts, what=what)
    return whereabouts


def follow(w: Writing, event: Event) -> None:
    for whereabouts in event.whereabouts.order_by("pk"):
        w.lock(objects=[whereabouts])
        tell(w, event, whereabouts)


def tell(w: Writing, event: Event, whereabouts: Whereabouts) -> None:
    """These and nobody else."""
    wanted = audiences_for(w, event, whereabouts)
    for audience in w.grants[whereabouts.pk] - wanted:
        w.unshare(whereabouts, audience)
    for audience in wanted - w.grants[whereabouts.pk]:
        w.share(whereabouts, audience)


def audiences_for(w: Writing, event: Event, whereabouts: Whereabouts) -> set[int]:
    if whereabouts.shown_to == Whereabouts.ShownTo.INVITED:
        return set(w.grants[event.pk])
    return {*owning(event), event.attendees_id}
