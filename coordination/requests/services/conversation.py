"""A request's own channel: for those who steer it and those who help. It ends with the request."""

from datetime import timedelta

from coordination.requests.models import Answer, Request
from coordination.requests.policy import REQUESTS, concerned, steers
from messaging import services as messaging
from messaging.models import Channel
from portal.kernel import memberships
from portal.kernel.standing import is_member, members, standing
from portal.kernel.writing import Actor, Writing, service, writing
from portal.people.models import User

# how long what was said can be read after the request has ended
KEPT = timedelta(days=30)


@service
def open_request_channel(actor: Actor, request: Request) -> Channel:
    """The one there is, where there is one. Whoever takes a place later comes in by that."""
    with writing(actor, objects=[request]) as w:
        REQUESTS.require(actor.person, "open_channel", request)
        w.demand(request, "open_channel")
        w.audit("request.open_channel", request)
        return messaging.open_channel_about(
            actor,
            request,
            request.request_kind,
            people(request),
            closed_circle=request.on_call_only,
            exercise=request.exercise,
        )


def follow(w: Writing, answer: Answer) -> None:
    """Who takes a place comes in; of an organization that takes none nobody stays."""
    channel = messaging.channel_about(answer.request)
    if channel is None:
        return
    messaging.bring_in(w.actor, channel, people(answer.request))
    if not answer.takes_place:
        leaving = members(answer.organization.members_id) - concerned(answer.request)
        for person in memberships.people_in(channel.audience_id):
            if person.pk in leaving:
                messaging.take_out(w.actor, channel, person)


def gather(w: Writing, request: Request) -> None:
    """Whoever has come to steer it."""
    if channel := messaging.channel_about(request):
        messaging.bring_in(w.actor, channel, people(request))


def put_out(w: Writing, request: Request, person: User) -> None:
    """Somebody who neither asks nor helps any more."""
    channel = messaging.channel_about(request)
    if channel is None or not is_member(person.pk, channel.audience_id):
        return
    if person.pk not in concerned(request) and not steers(standing(person, fresh=True), request):
        messaging.take_out(w.actor, channel, person)


def end_conversation(w: Writing, request: Request) -> None:
    if channel := messaging.channel_about(request):
        messaging.end_channel(w.actor, channel, w.at + KEPT)


def people(request: Request) -> list[User]:
    return list(User.objects.filter(pk__in=concerned(request)))
