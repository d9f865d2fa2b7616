"""Signatures of calls, so that whoever is called knows that it is us, and when."""

import hashlib
import hmac

#: Header that carries the signature.
HEADER = "X-NeuroShorts-Signature"


def signature(secret: bytes, body: bytes, at: int) -> str:
    """Sign a body at a time in seconds since 1970 UTC: HMAC-SHA256 over time, a dot, and the body."""
    digest = hmac.digest(secret, f"{at}.".encode() + body, hashlib.sha256)
    return f"t={at},v1={digest.hex()}"
