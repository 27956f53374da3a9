"""That somebody took what they see elsewhere."""

from coordination.resources.policy import OFFERS
from portal.kernel.writing import Actor, service, writing


@service
def record_export(actor: Actor, form: str) -> None:
    """In this form; asked before anything is handed out."""
    with writing(actor) as w:
        OFFERS.require_export(actor.person)
        w.audit("offer.export", form=form)
