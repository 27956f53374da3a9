"""A stranger's form. Whoever shows it, a page or the API, hands what was written to `receive`."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from rest_framework import serializers

from portal.api.forms import Form, Text
from portal.api.limits import limit
from portal.api.problems import as_problem
from portal.organizations import services
from portal.organizations.models import OrganizationKind


class ApplicationForm(Form):
    """No field asks for a person: who answers is asked for by their role. People leave `fax` empty."""

    name = Text(max_length=120)
    kind = serializers.ChoiceField(OrganizationKind.choices)
    description = Text(max_length=2000)
    website = serializers.URLField(max_length=200, required=False, allow_blank=True)
    contact_role = Text(max_length=120)
    contact_email = serializers.EmailField(max_length=254)
    why = Text(max_length=2000)
    language = serializers.ChoiceField(settings.LANGUAGES)
    fax = Text(max_length=200, required=False, allow_blank=True, default="")


def receive(request: HttpRequest, said: Mapping[str, Any]) -> None:
    """Says nothing, whatever there is already; raises the Problem of a form that needs mending, or of one too many."""
    form = ApplicationForm(data=said)
    try:
        form.is_valid(raise_exception=True)
    except serializers.ValidationError as faults:
        raise as_problem(faults) from None
    # a few an hour from one address, and no flood from many
    limit(request, "apply_from_outside")
    written = dict(form.validated_data)
    if not written.pop("fax"):
        services.apply_from_outside(**written)


def receive_page(request: HttpRequest) -> None:
    """What a page without script posted."""
    known = ApplicationForm().fields.keys()
    receive(request, {name: value for name, value in request.POST.items() if name in known})
