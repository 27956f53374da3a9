"""Writes to what strangers ask: applied from outside, accepted, declined."""

from portal.jobs.outbox import enqueue
from portal.kernel.errors import Conflict
from portal.kernel.models import Network
from portal.kernel.writing import THE_PORTAL, Actor, Writing, service, writing
from portal.organizations.models import Application, ApplicationState, OrganizationKind
from portal.organizations.policy import APPLICATIONS
from portal.organizations.services.organizations import apply


@service
def apply_from_outside(
    name: str,
    kind: OrganizationKind,
    *,
    description: str,
    contact_role: str,
    contact_email: str,
    why: str,
    language: str,
    website: str = "",
) -> Application:
    """A stranger asks. Nothing is looked up: whoever else has this name or address, the answer is the same."""
    network = Network.current()
    with writing(THE_PORTAL, audiences=[network.administrators_id]) as w:
        application = Application.objects.create(
            audience=network.administrators,
            name=name,
            organization_kind=kind,
            description=description,
            website=website,
            contact_role=contact_role,
            contact_email=contact_email.lower(),
            why=why,
            language=language,
            applied_at=w.at,
        )
        w.created(application, application.audience_id)
        w.audit("application.receive", application)
        return application


@service
def accept_application(actor: Actor, application: Application, name: str | None = None) -> Application:
    """It becomes an organization that waits to be verified; its contact is invited to administer it."""
    with writing(actor, objects=[application]) as w:
        require_waiting(w, application, "accept")
        application.organization = apply(
            actor,
            application.name if name is None else name,
            OrganizationKind(application.organization_kind),
            description=application.description,
            website=application.website,
            administrator_email=application.contact_email,
        )
        decide(w, application, ApplicationState.ACCEPTED)
        return application


@service
def decline_application(actor: Actor, application: Application, reason: str) -> Application:
    """The reason is mailed to who asked."""
    with writing(actor, objects=[application]) as w:
        require_waiting(w, application, "decline")
        application.reason = reason
        decide(w, application, ApplicationState.DECLINED)
        enqueue("organizations.send_decline", application=str(application.pk))
        return application


# steps of these


def require_waiting(w: Writing, application: Application, verb: str) -> None:
    APPLICATIONS.require(w.actor.person, verb, application)
    if not application.permits(verb):
        raise Conflict("already_decided")


def decide(w: Writing, application: Application, state: ApplicationState) -> None:
    application.state, application.decided_by, application.decided_at = state, w.actor.person, w.at
    w.put(application)
    w.audit(f"application.{state}", application)
