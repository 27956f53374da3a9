"""The example of RFC 8291, appendix A; and where messages may go."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from portal.notify.web_push import CURVE, is_allowed, packed, sealed_with, unpacked

THEIRS = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A"
    "_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)


def test_it_is_sealed_as_the_standard_says():
    ours = ec.derive_private_key(int.from_bytes(unpacked("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")), CURVE)
    words = b"When I grow up, I want to be a watermelon"
    secret, salt = unpacked("BTBZMqHH6r4Tts7J_aSIgg"), unpacked("DGv6ra1nlYgDCS1FRnbzlw")
    assert packed(sealed_with(words, unpacked(THEIRS), secret, ours, salt)) == SEALED


@pytest.mark.parametrize(
    ("endpoint", "allowed"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/abc", True),
        ("https://web.push.apple.com/abc", True),
        ("https://wns2-by3p.notify.windows.com/w/?token=abc", True),
        ("http://fcm.googleapis.com/abc", False),
        ("https://fcm.googleapis.com:8443/abc", False),
        ("https://fcm.googleapis.com@127.0.0.1/abc", False),
        ("https://127.0.0.1/.push.apple.com", False),
        ("https://127.0.0.1\\.push.apple.com/", False),
        ("https://127.0.0.1#.push.apple.com", False),
        ("https://push.apple.com.example.org/", False),
        ("https://localhost/", False),
        ("file:///etc/passwd", False),
        ("https://[::1]/", False),
        ("not an address", False),
        ("", False),
    ],
)
def test_messages_go_to_known_push_services_alone(endpoint, allowed):
    assert is_allowed(endpoint) == allowed
