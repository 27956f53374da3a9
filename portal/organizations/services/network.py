"""Writes to what the network asks of organizations."""

from portal.kernel.models import Network
from portal.kernel.writing import Actor, service, writing
from portal.organizations.policy import require_network_administrator


@service
def ask_for_agreements(actor: Actor, required: bool) -> Network:
    """Whether an organization is verified only with an agreement. Those that are in the network stay in it."""
    network = Network.current()
    with writing(actor, audiences=[network.administrators_id]) as w:
        require_network_administrator(actor.person)
        network.agreement_required = required
        network.save(update_fields=["agreement_required"])
        w.audit("network.ask_for_agreements", required=required)
        return network
