"""How many places a request has, and for which roles; what a yes fills is taken as a whole or not at all."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db.models import F, Model, QuerySet

from coordination.requests.models import Answer, Request, Slot, Take
from coordination.requests.services.steps import fill_or_reopen
from portal.kernel.errors import Conflict, FieldError, Invalid
from portal.kernel.writing import Writing

Roles = Mapping[str, int]


def set_places(request: Request, places: int | None, roles: Roles | None) -> None:
    """As the owner wants them: so many, or so many for each role. Never fewer than are taken."""
    if roles is not None:
        name_roles(request, roles)
    elif request.slots.exists():
        raise Invalid("places", "invalid", "Its places are those of its roles: change these.")
    request.places = sum((roles or {}).values()) or places or request.places
    if request.places < request.places_taken:
        raise Invalid("places", "too_low", "More places than this are taken already.")


def name_roles(request: Request, roles: Roles) -> None:
    """A role that somebody fills, or has said that they would, stays."""
    named = {slot.role: slot for slot in request.slots.all()}
    if roles and not named and request.answers.filter(state=Answer.State.YES).exists():
        raise Invalid("slots", "already_used", "Somebody has said yes already, and not to a role.")
    for role, slot in named.items():
        if roles.get(role, 0) < slot.places_taken:
            raise Invalid(f"slots.{role}", "too_low", "More places of this role are taken already.")
        if role not in roles and slot.takes.exists():
            raise Invalid(f"slots.{role}", "already_used", "Somebody has said that they would fill this role.")
    request.slots.exclude(role__in=roles).delete()
    for position, (role, places) in enumerate(roles.items()):
        Slot.objects.update_or_create(request=request, role=role, defaults={"places": places, "position": position})


def fill(w: Writing, answer: Answer, roles: Roles) -> None:
    """A yes says what it fills. What it held before is free for that; the same said again moves nothing."""
    request = answer.request
    slots = slots_of(request, roles)
    if answer.state == Answer.State.YES and roles == filled_by(answer):
        return
    held = let_go(answer)
    Take.objects.bulk_create(Take(answer=answer, slot=slots[role], places=n) for role, n in roles.items())
    if not request.pick:
        take(answer)
    if held or answer.takes_place:
        recount(w, request)


def take_places(w: Writing, answer: Answer) -> None:
    take(answer)
    recount(w, answer.request)


def release_places(w: Writing, answer: Answer) -> None:
    if let_go(answer):
        recount(w, answer.request)


# the pieces of these sentences


def slots_of(request: Request, roles: Roles) -> dict[str, Slot]:
    """A yes to a request that names roles names at least one of them."""
    slots = {slot.role: slot for slot in request.slots.all()}
    if slots and not roles:
        raise Invalid("takes", "required", "Say which of the roles you fill.")
    if not roles.keys() <= slots.keys():
        raise Invalid("takes", "does_not_exist", "One of these roles is not asked for.")
    if short := [slot for role, slot in slots.items() if roles.get(role, 0) > slot.places]:
        raise no_place_left(request, short)
    return slots


def takes_of(answer: Answer) -> list[Take]:
    return list(answer.takes.select_related("slot").order_by("slot"))


def filled_by(answer: Answer) -> dict[str, int]:
    return dict(answer.takes.values_list("slot__role", "places"))


def take(answer: Answer) -> None:
    """A conditional update for each role, and one for their sum, decides who gets the last place."""
    request = answer.request
    if gone := [each.slot for each in takes_of(answer) if not move(row(each.slot), each.places)]:
        raise no_place_left(request, gone)
    if not move(row(request), size(answer)):
        raise no_place_left(request, [])
    answer.takes_place = True


def let_go(answer: Answer) -> bool:
    """Whether it held any place."""
    held, answer.takes_place = answer.takes_place, False
    if held:
        for each in takes_of(answer):
            move(row(each.slot), -each.places)
        move(row(answer.request), -size(answer))
    answer.takes.all().delete()
    return held


def row(counted: Model) -> QuerySet[Any]:
    return type(counted)._default_manager.filter(pk=counted.pk)


def move(counted: QuerySet[Any], places: int) -> bool:
    """So many more of its places are taken; False: there are not as many left."""
    enough = counted.filter(places_taken__lte=F("places") - places)
    return bool(enough.update(places_taken=F("places_taken") + places))


def size(answer: Answer) -> int:
    """A yes to a request without roles takes one place."""
    return sum(filled_by(answer).values()) or 1


def recount(w: Writing, request: Request) -> None:
    request.refresh_from_db(fields=["places_taken"])
    fill_or_reopen(w, request)
    w.put(request)


def no_place_left(request: Request, short: Collection[Slot]) -> Conflict:
    """What is left of each role that ran short, and the request as it is now."""
    for slot in short:
        slot.refresh_from_db()
    errors = [FieldError(f"takes.{s.role}", "too_high", f"Places left: {s.places_left}.") for s in short]
    return Conflict("no_place_left", errors=errors, obj=request)
