"""A device that keeps passkeys, as Chromium plays one for tests."""

from typing import Any

from playwright.sync_api import Page

# built in, keeps keys, knows by finger or face who holds it, and is pressed by itself
BUILT_IN = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class Authenticator:
    """Of one page: its keys can be carried to another, as a synchronized one would."""

    def __init__(self, page: Page) -> None:
        self.devtools = page.context.new_cdp_session(page)
        self.devtools.send("WebAuthn.enable")
        self.id = self.devtools.send("WebAuthn.addVirtualAuthenticator", {"options": BUILT_IN})["authenticatorId"]

    def keys(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.devtools.send("WebAuthn.getCredentials", {"authenticatorId": self.id})[
            "credentials"
        ]
        return found

    def take(self, keys: list[dict[str, Any]]) -> None:
        for key in keys:
            self.devtools.send("WebAuthn.addCredential", {"authenticatorId": self.id, "credential": key})

    def refuse(self) -> None:
        """Whoever holds the device is not who it knows."""
        self.devtools.send("WebAuthn.setUserVerified", {"authenticatorId": self.id, "isUserVerified": False})
