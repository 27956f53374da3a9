from collections.abc import Iterable

from portal.kernel.errors import NotAllowed
from portal.kernel.models import Audience
from portal.kernel.policy import BorrowedPolicy, SharedPolicy, require_within_any
from portal.kernel.standing import Person, Standing, standing
from portal.organizations.models import (
    Agreement,
    Application,
    Invitation,
    Organization,
    OrganizationMember,
    Suspension,
    Tier,
)


class OrganizationPolicy(SharedPolicy[Organization]):
    """Its own people and the network's administrators see it from the start, everyone once it is verified."""

    model = Organization
    still_open = ("see_people", "manage_people")

    def verbs(self, who: Standing, organization: Organization) -> Iterable[str]:
        if who.within(organization.members_id):
            yield "see_people"
        if who.within(organization.administrators_id):
            yield from ("edit", "invite", "manage_people")
        if administers_network(who):
            yield from ("verify", "suspend", "reinstate", "record_agreement")

    def require_apply(self, person: Person, *, for_somebody_else: bool = False) -> None:
        """Whoever is in the network may apply; only its administrators may for somebody else."""
        if for_somebody_else:
            require_network_administrator(person)
        else:
            require_within_any(person, Audience.Kind.EVERYONE)

    def require_acting(self, person: Person, organization: Organization, tier: Tier) -> None:
        """To write for an organization one works for it; what commits it is for its coordinators."""
        asked = {
            Tier.MEMBER: organization.members_id,
            Tier.COORDINATOR: organization.coordinators_id,
            Tier.ADMINISTRATOR: organization.administrators_id,
        }
        if not standing(person, fresh=True).within(asked[tier]):
            raise NotAllowed


class OrganizationMemberPolicy(BorrowedPolicy[OrganizationMember]):
    """An organization's people see each other; its administrators manage them; everybody may leave."""

    model = OrganizationMember
    audience_path = "group"
    needs = ("group__audience__organization",)
    still_open = ("change_tier", "remove")

    def verbs(self, who: Standing, member: OrganizationMember) -> Iterable[str]:
        manages = who.within(member.organization.administrators_id)
        if manages:
            yield "change_tier"
        if manages or member.user_id == who.person:
            yield "remove"


class InvitationPolicy(BorrowedPolicy[Invitation]):
    """For the organization's administrators alone."""

    model = Invitation
    audience_path = "organization__administrators"
    needs = ("organization",)
    still_open = ("revoke",)

    def verbs(self, who: Standing, invitation: Invitation) -> Iterable[str]:
        yield "revoke"


class SuspensionPolicy(BorrowedPolicy[Suspension]):
    """Why an organization was suspended is read by the network's administrators."""

    model = Suspension

    def verbs(self, who: Standing, suspension: Suspension) -> Iterable[str]:
        return ()


class ApplicationPolicy(BorrowedPolicy[Application]):
    """What strangers write is read, and decided, by the network's administrators."""

    model = Application

    def verbs(self, who: Standing, application: Application) -> Iterable[str]:
        yield from ("accept", "decline")


class AgreementPolicy(SharedPolicy[Agreement]):
    """For the organization's administrators and the network's. It is not changed: a new one takes its place."""

    model = Agreement

    def verbs(self, who: Standing, agreement: Agreement) -> Iterable[str]:
        return ()


def asks_for_proof(*tiers: str) -> bool:
    """Whoever is about to make or unmake an administrator says once more who they are."""
    return Tier.ADMINISTRATOR in tiers


def administers_network(who: Standing) -> bool:
    return who.within_any(Audience.Kind.NETWORK_ADMINISTRATORS)


def require_network_administrator(person: Person) -> None:
    require_within_any(person, Audience.Kind.NETWORK_ADMINISTRATORS)


ORGANIZATIONS = OrganizationPolicy()
ORGANIZATION_MEMBERS = OrganizationMemberPolicy()
INVITATIONS = InvitationPolicy()
SUSPENSIONS = SuspensionPolicy()
APPLICATIONS = ApplicationPolicy()
AGREEMENTS = AgreementPolicy()
