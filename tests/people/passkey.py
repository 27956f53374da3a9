"""A device that keeps passkeys, in software: makes real key pairs and real signatures."""

import os
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from fido2.cose import ES256
from fido2.utils import websafe_decode, websafe_encode
from fido2.webauthn import (
    AttestationObject,
    AttestedCredentialData,
    AuthenticatorData,
    CollectedClientData,
)

from tests.people.browser import Browser

FLAG = AuthenticatorData.FLAG
VERIFIED = FLAG.UP | FLAG.UV


class Passkey:
    """One key; `verified=False` is a device that does not ask who holds it."""

    def __init__(self, origin: str = "", *, verified: bool = True) -> None:
        self.origin = origin or settings.ORIGIN
        self.flags = VERIFIED if verified else FLAG.UP
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = os.urandom(16)
        self.handle = ""

    def register(self, options: Any) -> dict[str, Any]:
        asked = options["publicKey"]
        self.handle = asked["user"]["id"]
        public = ES256.from_cryptography_key(self.private.public_key())
        attested = AttestedCredentialData.create(b"\0" * 16, self.id, public)
        data = AuthenticatorData.create(rp_hash(asked["rp"]["id"]), self.flags | FLAG.AT, 0, attested)
        response = {
            "clientDataJSON": websafe_encode(self.client_data(CollectedClientData.TYPE.CREATE, asked)),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        }
        return self.credential(response)

    def sign(self, options: Any) -> dict[str, Any]:
        asked = options["publicKey"]
        client_data = self.client_data(CollectedClientData.TYPE.GET, asked)
        data = AuthenticatorData.create(rp_hash(asked["rpId"]), self.flags, 1)
        signature = self.private.sign(data + sha256(client_data).digest(), ec.ECDSA(SHA256()))
        response = {
            "clientDataJSON": websafe_encode(client_data),
            "authenticatorData": websafe_encode(data),
            "signature": websafe_encode(signature),
            "userHandle": self.handle,
        }
        return self.credential(response)

    def client_data(self, kind: Any, asked: Any) -> CollectedClientData:
        return CollectedClientData.create(kind, websafe_decode(asked["challenge"]), self.origin)

    def credential(self, response: dict[str, str]) -> dict[str, Any]:
        name = websafe_encode(self.id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "response": response,
            "clientExtensionResults": {},
            "authenticatorAttachment": "platform",
        }


def rp_hash(domain: str) -> bytes:
    return sha256(domain.encode()).digest()


def add_passkey(browser: Browser, key: Passkey | None = None, name: str = "Phone") -> Passkey:
    """To the account of who is signed in."""
    key = key or Passkey()
    options = browser.account("GET", "account/authenticators/webauthn").json()["data"]["creation_options"]
    body = {"name": name, "credential": key.register(options)}
    answer = browser.account("POST", "account/authenticators/webauthn", body)
    assert answer.status_code == 200, answer.content
    return key


def sign_in_with(browser: Browser, key: Passkey, at: str = "auth/webauthn/login") -> Any:
    options = browser.account("GET", at).json()["data"]["request_options"]
    return browser.account("POST", at, {"credential": key.sign(options)})
