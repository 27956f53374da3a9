"""Whence somebody signs in: "Firefox" on "Windows", from a range of addresses.

Coarse on purpose: nothing else of the User-Agent or the address is kept, or written to a log.
"""

from ipaddress import ip_address, ip_network
from typing import NamedTuple

from allauth.core.internal.httpkit import get_client_ip
from django.http import HttpRequest

# the first that is found wins: most browsers also claim to be those further down
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("FxiOS/", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


class Device(NamedTuple):
    """Each is empty when it is not known."""

    browser: str
    system: str
    network: str = ""

    def __str__(self) -> str:
        return ", ".join(filter(None, (self.browser, self.system)))


def device_of(request: HttpRequest) -> Device:
    """`network` is the range of addresses that the request came from."""
    network = range_of(get_client_ip(request) or "")
    return described(request.headers.get("User-Agent", ""))._replace(network=network)


def described(user_agent: str) -> Device:
    def first(names: tuple[tuple[str, str], ...]) -> str:
        return next((name for mark, name in names if mark in user_agent), "")

    return Device(first(BROWSERS), first(SYSTEMS))


def range_of(address: str) -> str:
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    found = getattr(found, "ipv4_mapped", None) or found
    return str(ip_network((found, 24 if found.version == 4 else 48), strict=False))
