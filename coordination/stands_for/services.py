"""Every write of requests that stand for a need."""

from typing import Any

from coordination.requests import services as requests
from coordination.requests.models import Request
from coordination.resources.models import Need
from coordination.resources.policy import NEEDS
from coordination.stands_for.models import StandsFor
from portal.kernel.errors import Invalid
from portal.kernel.writing import Actor, service, writing


@service
def ask_for_need(actor: Actor, need: Need, *, exercise: bool = False, **asked: Any) -> Request:
    """Put a request for what is needed. Whatever becomes of one, the other stays as it is until its owner says so."""
    with writing(actor, objects=[need]) as w:
        NEEDS.require(actor.person, "edit", need)
        w.demand(need, "edit")
        if actor.organization_id != need.owner_id:
            raise Invalid("acting_for", "not_yours", "Ask for the organization whose need it is.")
        if exercise != need.exercise:
            raise Invalid("exercise", "invalid", "A drill is asked for by a drill, what is real by what is real.")
        request = requests.post_request(actor, exercise=exercise, **asked)
        StandsFor.objects.create(request=request, need=need)
        w.audit("need.ask", need, request=str(request.pk))
        return request
