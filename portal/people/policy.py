"""Who may use a session: the network's rule about the second factor, in one place for HTTP and sockets."""

import time
from typing import Any

from django.conf import settings

from portal.kernel.models import Network

# where allauth records how a session was opened, and its word for a second factor
METHODS = "account_authentication_methods"
SECOND_FACTOR = "mfa"


def second_factor_satisfied(session: Any) -> bool:
    """Whether this session was opened with a second factor (allauth records `mfa`)."""
    return any(m.get("method") == SECOND_FACTOR for m in session.get(METHODS, []))


def second_factor_missing(session: Any) -> bool:
    return Network.current().second_factor_required and not second_factor_satisfied(session)


def proof_is_fresh(session: Any) -> bool:
    """Whether the person said a moment ago who they are: what opens or closes doors asks for it."""
    return any(time.time() - m["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT for m in session.get(METHODS, []))
