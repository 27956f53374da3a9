"""Passkeys: keys that a device keeps and opens by fingerprint, face or PIN. They sign in alone.

What is stored of one is its public key with the identifiers of key and device: nothing that signs
anybody in, so it lies in clear. The private key never leaves the person's device.
"""

from typing import Any

from allauth.headless.base.response import ConflictResponse
from allauth.headless.internal.restkit import inputs
from allauth.headless.mfa import inputs as allauth
from allauth.headless.mfa import views
from allauth.headless.mfa.response import AddWebAuthnResponse
from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.internal import flows
from django.http import HttpRequest, HttpResponse
from fido2.webauthn import RegistrationResponse

from portal.people.sign_in import Unlocks

LONGEST_NAME = 100
# what fido2 raises over bytes that are no credential
UNREADABLE = (ValueError, TypeError, KeyError, IndexError, AttributeError)


class AddInput(allauth.AddWebAuthnInput):
    name = inputs.CharField(required=False, max_length=LONGEST_NAME)

    def clean_credential(self) -> dict[str, Any]:
        """What checking a signature later needs, and nothing else that a browser may have sent along."""
        sent = self.cleaned_data["credential"]
        try:
            RegistrationResponse.from_dict(sent)
            return {
                "id": sent["id"],
                "rawId": sent["rawId"],
                "type": "public-key",
                "response": {part: sent["response"][part] for part in ("clientDataJSON", "attestationObject")},
                "clientExtensionResults": {},
            }
        except UNREADABLE:
            raise get_adapter().validation_error("incorrect_code") from None


class ReadableInput:
    """A signature that cannot be read is a wrong one."""

    def clean_credential(self) -> Any:
        try:
            return super().clean_credential()  # type: ignore[misc]  # of the forms this stands before
        except UNREADABLE:
            raise get_adapter().validation_error("incorrect_code") from None


class SignInInput(ReadableInput, allauth.LoginWebAuthnInput):
    pass


class SecondStepInput(ReadableInput, allauth.AuthenticateWebAuthnInput):
    pass


class ProofInput(ReadableInput, allauth.ReauthenticateWebAuthnInput):
    pass


class PasskeysView(views.ManageWebAuthnView):
    """The passkeys of who is signed in. Each is found by the device itself and asks who holds it."""

    input_class = {"POST": AddInput, "PUT": allauth.UpdateWebAuthnInput, "DELETE": allauth.DeleteWebAuthnInput}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return AddWebAuthnResponse(request, flows.begin_registration(request, request.user, passwordless=True))


class SignInView(views.LoginWebAuthnView):
    """Names nobody before the key does: there is no address to try, so none is told apart from another."""

    input_class = {"POST": SignInInput}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            return ConflictResponse(request)
        return super().post(request, *args, **kwargs)


class SecondStepView(views.AuthenticateWebAuthnView):
    input_class = {"POST": SecondStepInput}


class ProofView(Unlocks, views.ReauthenticateWebAuthnView):
    input_class = {"POST": ProofInput}
