"""The roles of the matrix: one person for each, in the organizations that give them their standing.

What each may is told in docs/permissions.md and nowhere here.
"""

from typing import Any

from portal.kernel import memberships
from portal.kernel.writing import THE_PORTAL, Actor, writing
from portal.organizations.models import Organization, Tier
from portal.people import services as people
from portal.people.models import User
from tests import world

# role: (organization, tier)
STAFF = {
    "owner.member": ("agency", Tier.MEMBER),
    "owner.coordinator": ("agency", Tier.COORDINATOR),
    "owner.administrator": ("agency", Tier.ADMINISTRATOR),
    "poster": ("agency", Tier.MEMBER),
    "addressed.member": ("house", Tier.MEMBER),
    "addressed.coordinator": ("house", Tier.COORDINATOR),
    "also.addressed": ("clinic", Tier.COORDINATOR),
    "group.lead": ("bridge", Tier.COORDINATOR),
    "group.member": ("bridge", Tier.MEMBER),
    "author": ("bridge", Tier.MEMBER),
    "channel.moderator": ("circle", Tier.MEMBER),
    "channel.member": ("circle", Tier.MEMBER),
    "channel.admitted": ("annex", Tier.MEMBER),
    "outsider": ("outside", Tier.ADMINISTRATOR),
    "removed": ("past", Tier.COORDINATOR),
    "expired": ("evening", Tier.MEMBER),
    "suspended": ("lapsed", Tier.ADMINISTRATOR),
    "applicant": ("hidden", Tier.ADMINISTRATOR),
}
# without an organization
ALONE = ("nobody", "network.administrator", "network.auditor")
# whose sessions are good for nothing: a group's lead without second factor, the same in a locked session
UNUSABLE = ("stranger", "unproven", "locked")
ROLES = (*UNUSABLE, *ALONE, *STAFF)


class People:
    """Who is in the network, and whom each works for."""

    def __init__(self) -> None:
        self.network = world.network(second_factor=True)
        self.person: dict[str, User] = {}
        self.employer: dict[str, Organization] = {}
        words = dict.fromkeys(["target", "second", *(word for word, _ in STAFF.values())])
        self.organization = {word: world.organization(name(word), verified=word != "hidden") for word in words}
        for role, (word, tier) in STAFF.items():
            self.person[role] = world.person(self.organization[word], tier, called(role))
            self.employer[role] = self.organization[word]
        # each has an administrator of its own, so that nobody here has to be the last one
        self.steward = {
            organization: world.person(organization, Tier.ADMINISTRATOR, f"Steward of {word}")
            for word, organization in self.organization.items()
        }
        for role in ALONE:
            self.person[role] = world.person(name=called(role))
        people.appoint_administrator(self.person["network.administrator"])
        self.appoint_auditor(self.person["network.auditor"])
        self.person |= dict.fromkeys(("unproven", "locked"), self.person["group.lead"])

    def appoint_auditor(self, person: User) -> None:
        """No service does so yet."""
        with writing(THE_PORTAL, people=[person]) as w:
            memberships.join(w, person, self.network.everyone)
            memberships.join(w, person, self.network.auditors)

    def acting(self, role: str) -> Actor:
        return Actor(self.person[role], self.employer[role])

    def alone(self, role: str) -> Actor:
        return Actor(self.person[role])

    def steward_of(self, organization: Organization) -> Actor:
        return Actor(self.steward[organization], organization)

    def signed_in(self) -> dict[str, Any]:
        """Everybody's client, signed in this moment."""
        found = {role: world.client(person) for role, person in self.person.items()}
        found["stranger"] = world.client()
        found["unproven"] = world.client(self.person["unproven"], second_factor=False)
        people.lock_session(self.person["locked"], found["locked"].cookies["session"].value)
        return found


def name(word: str) -> str:
    """Those that calls are about have a token."""
    tokens = {"agency": "organization", "hidden": "hidden organization", "lapsed": "suspended organization"}
    return f"[{tokens[word]} name]" if word in tokens else f"{word.title()} Office"


def called(role: str) -> str:
    """A name that nobody else has: `Owner-Member Kestrel`, and with it the address owner-member.kestrel@…"""
    return f"{role.replace('.', '-').title()} Kestrel"
