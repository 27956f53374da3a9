"""Who may use a session: the network's rule about the second factor, in one place for HTTP and sockets."""

from typing import Any

from portal.kernel.models import Network

METHODS = "account_authentication_methods"


def second_factor_satisfied(session: Any) -> bool:
    """Whether this session was opened with a second factor (allauth records `mfa`)."""
    return any(m.get("method") == "mfa" for m in session.get(METHODS, []))


def second_factor_missing(session: Any) -> bool:
    return Network.current().second_factor_required and not second_factor_satisfied(session)
