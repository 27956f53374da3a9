"""What strangers ask for their organizations."""

from typing import Any

from portal.kernel.writing import Actor
from portal.organizations import services
from portal.organizations.models import Organization, OrganizationKind
from tests import world
from tests.organizations.agreed import agreed


def apply(name: str = "Night Line", words: str = "Calls by night", email: str = "office@elsewhere.example.org") -> Any:
    return services.apply_from_outside(
        name,
        OrganizationKind.HOTLINE,
        description=words,
        contact_role=words,
        contact_email=email,
        why=words,
        language="en",
    )


def for_administrators(organization: Organization, words: str, email: str) -> None:
    """What the network's administrators see and hardly anybody else."""
    apply(words, words, email)
    agreed(Actor(world.administrator()), organization, role=words, reference=words)
