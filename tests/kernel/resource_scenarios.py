"""The services of needs, offers and pledges, each run once: a part of SCENARIOS."""

from datetime import timedelta

from django.utils import timezone

from coordination.resources import services as resources
from coordination.resources.models import Need, Offer, Pledge
from portal.kernel.writing import Actor
from tests.scene import listing
from tests.stands_for.asked import asked_for


def version(obj):
    return type(obj).objects.get(pk=obj.pk).version


def expire_need(s):
    over(Need)
    return lambda: resources.expire_need(s.need)


def expire_offer(s):
    over(Offer)
    return lambda: resources.expire_offer(s.offer)


def over(model):
    begun = timezone.now() - timedelta(days=2)
    model.objects.update(valid_from=begun, valid_until=begun + timedelta(days=1))


def post_offers(s):
    offers = [{**listing(), "maximum": each} for each in (1, 2)]
    resources.post_offers(Actor(s.dana, s.house), offers, everyone=True)


def remind_of_capacity(s):
    Offer.objects.update(capacity_updated_at=timezone.now() - timedelta(days=1))
    resources.remind_of_capacity(s.offer)


def pledge(s):
    return Pledge.objects.get(need=s.need, offer=s.offer)


def propose_pledge(s):
    offer = s.offered()
    return lambda: s.pledged(1, by=s.mara, offer=offer)


def accepted(s):
    return resources.accept_pledge(Actor(s.mara), pledge(s))


def deliver_pledge(s):
    accepted(s)
    return lambda: resources.deliver_pledge(Actor(s.dana), pledge(s))


def confirm_pledge(s):
    deliver_pledge(s)()
    return lambda: resources.confirm_pledge(Actor(s.mara), pledge(s))


def fail_pledge(s):
    accepted(s)
    return lambda: resources.fail_pledge(Actor(s.mara), pledge(s), "not_delivered")


def record_suggestions(s):
    resources.decline_pledge(Actor(s.mara), pledge(s), "capacity")
    resources.set_capacity(Actor(s.dana), s.offer, 0)
    s.offered()
    return lambda: resources.record_suggestions(s.need)


def record_suggestion(s):
    resources.decline_pledge(Actor(s.mara), pledge(s), "capacity")
    resources.set_capacity(Actor(s.dana), s.offer, 0)
    return lambda: resources.record_suggestion(s.need, s.offer)


def unshare_listing(s):
    resources.decline_pledge(Actor(s.mara), pledge(s), "capacity")
    resources.record_suggestions(s.need)
    return lambda: resources.unshare_listing(Actor(s.mara, s.agency), s.need, s.network.everyone.uuid)


RESOURCES = {
    "coordination.resources.services.record_export": lambda s: resources.record_export(Actor(s.mara), "hsds"),
    "coordination.resources.services.share_listing": lambda s: resources.share_listing(
        Actor(s.mara, s.agency), s.need, working_groups=[s.group]
    ),
    "coordination.resources.services.unshare_listing": unshare_listing,
    "coordination.resources.services.record_suggestion": record_suggestion,
    "coordination.stands_for.services.ask_for_need": lambda s: asked_for(s, s.need),
    "coordination.resources.services.record_suggestions": record_suggestions,
    "coordination.resources.services.dismiss_suggestion": lambda s: resources.dismiss_suggestion(
        Actor(s.mara), s.need.suggestions.get()
    ),
    "coordination.resources.services.post_need": lambda s: s.needed(working_groups=[s.group]),
    "coordination.resources.services.post_offers": post_offers,
    "coordination.resources.services.post_offer": lambda s: s.offered(s.clinic),
    "coordination.resources.services.edit_need": lambda s: resources.edit_need(
        Actor(s.mara), s.need, version(s.need), quantity=4
    ),
    "coordination.resources.services.edit_offer": lambda s: resources.edit_offer(
        Actor(s.dana), s.offer, version(s.offer), note="x"
    ),
    "coordination.resources.services.set_capacity": lambda s: resources.set_capacity(Actor(s.lucia), s.offer, 1),
    "coordination.resources.services.remind_of_capacity": remind_of_capacity,
    "coordination.resources.services.close_need": lambda s: resources.close_need(Actor(s.mara), s.need),
    "coordination.resources.services.close_offer": lambda s: resources.close_offer(Actor(s.dana), s.offer),
    "coordination.resources.services.expire_need": expire_need,
    "coordination.resources.services.expire_offer": expire_offer,
    "coordination.resources.services.propose_pledge": propose_pledge,
    "coordination.resources.services.accept_pledge": accepted,
    "coordination.resources.services.decline_pledge": lambda s: resources.decline_pledge(
        Actor(s.mara), pledge(s), "capacity"
    ),
    "coordination.resources.services.withdraw_pledge": lambda s: resources.withdraw_pledge(Actor(s.dana), pledge(s)),
    "coordination.resources.services.deliver_pledge": deliver_pledge,
    "coordination.resources.services.confirm_pledge": confirm_pledge,
    "coordination.resources.services.fail_pledge": fail_pledge,
}
