"""What a device is called: "Firefox" on "Windows". Coarse on purpose; nothing else of the User-Agent is kept."""

from typing import NamedTuple

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

    def __str__(self) -> str:
        return ", ".join(filter(None, self))


def device_of(request: HttpRequest) -> Device:
    return described(request.headers.get("User-Agent", ""))


def described(user_agent: str) -> Device:
    def first(names: tuple[tuple[str, str], ...]) -> str:
        return next((name for mark, name in names if mark in user_agent), "")

    return Device(first(BROWSERS), first(SYSTEMS))
