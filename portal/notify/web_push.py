"""Web Push: a message for one browser, sealed so that only it can read it (RFC 8291), signed by this portal (RFC 8292).

No redirect is followed, and nothing is sent but to the push services that the settings name: whoever subscribes
says where to, and that must lead nowhere else.
"""

import base64
import http.client
import os
import re
from datetime import timedelta
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from django.utils.encoding import force_bytes

from portal.kernel import clock

CURVE = ec.SECP256R1()
# one record, so long that no message needs a second
RECORD_SIZE = 4096
LAST_RECORD = b"\x02"
TOKEN_LASTS = timedelta(hours=12)
PATIENCE_SECONDS = 10
MOST_OF_AN_ANSWER = 4096
ORIGIN = re.compile(r"https?://[a-z0-9.-]+(:[0-9]{1,5})?")


def is_allowed(endpoint: str) -> bool:
    """Whether it belongs to a push service that the settings name, by scheme, host and port."""
    parts = urlsplit(endpoint)
    origin = f"{parts.scheme}://{parts.netloc}".lower()
    return bool(ORIGIN.fullmatch(origin)) and any(fnmatchcase(origin, allowed) for allowed in settings.PUSH_SERVICES)


def post(endpoint: str, body: bytes, headers: dict[str, str]) -> int:
    """The status that the push service answers with.

    Raises:
        OSError, http.client.HTTPException: it was not reached.
    """
    parts = urlsplit(endpoint)
    secure = parts.scheme == "https"
    connect = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = connect(parts.netloc, timeout=PATIENCE_SECONDS)
    try:
        path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        answer.read(MOST_OF_AN_ANSWER)
        return answer.status
    finally:
        connection.close()


# the seal


def sealed(message: bytes, public_key: str, secret: str) -> bytes:
    """For the browser with this key; each time under a key and a salt of its own."""
    return sealed_with(message, unpacked(public_key), unpacked(secret), ec.generate_private_key(CURVE), os.urandom(16))


def sealed_with(message: bytes, theirs: bytes, secret: bytes, ours: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    agreed = ours.exchange(ec.ECDH(), public_key_of(theirs))
    own = point(ours)
    shared = derived(agreed, secret, b"WebPush: info\x00" + theirs + own, 32)
    key = derived(shared, salt, b"Content-Encoding: aes128gcm\x00", 16)
    nonce = derived(shared, salt, b"Content-Encoding: nonce\x00", 12)
    header = salt + RECORD_SIZE.to_bytes(4) + len(own).to_bytes(1) + own
    return header + AESGCM(key).encrypt(nonce, message + LAST_RECORD, None)


def derived(secret: bytes, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=salt, info=info).derive(secret)


def public_key_of(packed_point: bytes) -> ec.EllipticCurvePublicKey:
    """Raises ValueError for what is no point of the curve."""
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, packed_point)


def point(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


# the signature


def portal_key() -> ec.EllipticCurvePrivateKey:
    """Made from the secret key, as that of second factors is: it lies nowhere by itself, and all processes have it.

    Where the secret key changes, devices notice and subscribe anew.
    """
    wide = derived(force_bytes(settings.SECRET_KEY), b"", b"web push", 48)
    order_less_one = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632550
    return ec.derive_private_key(int.from_bytes(wide) % order_less_one + 1, CURVE)


def public_key() -> str:
    """What a browser subscribes with: it takes messages that are signed by this key alone."""
    return packed(point(portal_key()))


def signature(endpoint: str) -> str:
    """The Authorization header of a message to this endpoint."""
    parts = urlsplit(endpoint)
    claims = {
        "aud": f"{parts.scheme}://{parts.netloc}",
        "exp": int((clock.now() + TOKEN_LASTS).timestamp()),
        "sub": settings.ORIGIN,
    }
    head = ".".join(packed(msgspec.json.encode(part)) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(portal_key().sign(head.encode(), ec.ECDSA(SHA256())))
    return f"vapid t={head}.{packed(r.to_bytes(32) + s.to_bytes(32))}, k={public_key()}"


def packed(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def unpacked(text: str) -> bytes:
    """Raises ValueError for what is no base64url."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
