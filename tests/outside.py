"""What strangers ask for their organizations."""

from typing import Any

from portal.organizations import services
from portal.organizations.models import OrganizationKind


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
