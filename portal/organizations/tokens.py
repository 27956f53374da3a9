"""The secret of an address that is told once, such as an invitation's, and kept as a digest."""

import hashlib
import secrets


def new() -> str:
    """256 bits in 43 characters that fit into an address."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """SHA-256 in hexadecimal. A secret of 256 bits needs no slow hash, and is found by its digest without timing."""
    return hashlib.sha256(token.encode()).hexdigest()
