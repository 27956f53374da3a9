from collections.abc import Callable
from typing import Any
from uuid import UUID

import django_filters
import msgspec
from django.db.models import QuerySet
from django.http import HttpResponse, StreamingHttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter
from rest_framework.viewsets import ViewSet

from coordination.resources import changes, forms, importing, queries, services, tables
from coordination.resources.fates import ImportPreview
from coordination.resources.hsds import export
from coordination.resources.hsds import importing as services_importing
from coordination.resources.hsds.reading import is_hsds
from coordination.resources.mine import AboutListings
from coordination.resources.models import Listing, Need, Offer, Pledge
from coordination.resources.taxonomy import CATEGORIES, TOPS
from coordination.working_groups.policy import WORKING_GROUPS
from coordination.working_groups.queries import shared_with
from portal.api.authentication import private
from portal.api.forms import Form, read, refuse
from portal.api.idempotency import once
from portal.api.json import CSVRenderer, JSONRenderer
from portal.api.schema import CSV, array_of, reference
from portal.api.tables import download
from portal.api.viewsets import ScopedViewSet, only_known
from portal.kernel.areas import is_area
from portal.kernel.errors import Invalid
from portal.kernel.policy import Policy
from portal.kernel.writing import Actor
from portal.organizations.acting import verified_actor
from portal.organizations.policy import ORGANIZATIONS

TRUE, EITHER = [("true", "true")], [("true", "true"), ("false", "false")]


class ListingFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Listing.State.choices)
    category = django_filters.ChoiceFilter(choices=[(c, c) for c in CATEGORIES])
    top = django_filters.ChoiceFilter(choices=[(t, t) for t in TOPS], method="under")
    area = django_filters.CharFilter(method="within")
    language = django_filters.CharFilter(method="speaking")
    open = django_filters.ChoiceFilter(choices=TRUE, method="to_be_had")
    mine = django_filters.ChoiceFilter(choices=EITHER, method="of_mine")
    exercise = django_filters.ChoiceFilter(choices=EITHER, method="in_exercise")
    working_group = django_filters.UUIDFilter(method="shared_with")
    owner = django_filters.UUIDFilter("owner")

    def under(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queries.under(rows, value)

    def within(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if not is_area(value):
            raise Invalid(name, "not_a_choice", "There is no such area.")
        return queries.within(rows, value)

    def speaking(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if value not in forms.languages():
            raise Invalid(name, "not_a_choice", "There is no such language.")
        return queries.speaking(rows, value)

    def to_be_had(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queries.to_be_had(rows)

    def of_mine(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return queries.of_mine(rows, self.request.user, mine=value == "true")

    def shared_with(self, rows: QuerySet[Any], name: str, value: UUID) -> QuerySet[Any]:
        return shared_with(rows, value, self.request.user)

    def in_exercise(self, rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        return rows.filter(exercise=value == "true")


class ListingViewSet(AboutListings):
    """What needs and offers have in common."""

    filterset_class = ListingFilters

    @extend_schema(responses=CSV)
    @action(detail=False, renderer_classes=[JSONRenderer, CSVRenderer])
    def export(self, request: Request) -> HttpResponse:
        only_known(request, self.filterset_class.base_filters)
        return download(f"{self.kind.name}s", tables.table(self.kind, self.filtered(self.visible())))

    def posted(self, request: Request, form: type[Form], post: Callable[..., Any]) -> Response:
        who, found = self.posting(request, form)
        return once(request, lambda: self.answer(post(who, **found), status=201))

    def posting(self, request: Request, form: type[Form]) -> tuple[Actor, dict[str, Any]]:
        found = read(form, request)
        who = verified_actor(self.me, found.pop("acting_for"))
        return who, {**found, **self.addressed(found)}

    def addressed(self, form: dict[str, Any]) -> dict[str, Any]:
        """With the organizations and groups that it names."""
        return {
            "organizations": self.named("organizations", ORGANIZATIONS, form["organizations"]),
            "working_groups": self.named("working_groups", WORKING_GROUPS, form["working_groups"]),
            "everyone": form["everyone"],
        }

    @extend_schema(request=forms.SharingForm)
    @action(detail=True, methods=["post"])
    def share(self, request: Request, pk: str) -> Response:
        found, form = self.fetch(pk), read(forms.SharingForm, request)
        return self.answer(services.share_listing(Actor(self.me, found.owner), found, **self.addressed(form)))

    @extend_schema(request=forms.UnsharingForm)
    @action(detail=True, methods=["post"])
    def unshare(self, request: Request, pk: str) -> Response:
        found, form = self.fetch(pk), read(forms.UnsharingForm, request)
        return self.answer(services.unshare_listing(Actor(self.me, found.owner), found, form["shared_with"]))

    def edited(self, request: Request, pk: str, form: type[Form], edit: Callable[..., Any]) -> Response:
        found, version = self.fetch(pk), self.if_match()
        return self.answer(edit(Actor(self.me), found, version, **read(form, request, partial=True)))


class NeedViewSet(ListingViewSet):
    """What organizations need."""

    kind = changes.NEED

    @extend_schema(request=forms.NeedForm)
    def create(self, request: Request) -> Response:
        return self.posted(request, forms.NeedForm, services.post_need)

    @extend_schema(request=forms.NeedEditForm)
    def partial_update(self, request: Request, pk: str) -> Response:
        return self.edited(request, pk, forms.NeedEditForm, services.edit_need)

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        return self.answer(services.close_need(Actor(self.me), self.fetch(pk)))


class OfferViewSet(ListingViewSet):
    """What organizations offer, and how much of it is left."""

    kind = changes.OFFER

    @extend_schema(request=forms.OfferForm)
    def create(self, request: Request) -> Response:
        return self.posted(request, forms.OfferForm, services.post_offer)

    @extend_schema(request=forms.OfferEditForm)
    def partial_update(self, request: Request, pk: str) -> Response:
        return self.edited(request, pk, forms.OfferEditForm, services.edit_offer)

    @extend_schema(request=forms.CapacityForm)
    @action(detail=True, methods=["post"], url_path="set-capacity")
    def set_capacity(self, request: Request, pk: str) -> Response:
        found, form = self.fetch(pk), read(forms.CapacityForm, request)
        return self.answer(services.set_capacity(Actor(self.me), found, **form))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        return self.answer(services.close_offer(Actor(self.me), self.fetch(pk)))

    @extend_schema(request=forms.ImportPreviewForm, responses=reference(ImportPreview))
    @action(detail=False, methods=["post"], url_path="import/preview")
    def preview(self, request: Request) -> Response:
        form = read(forms.ImportPreviewForm, request)
        who = verified_actor(self.me, form["acting_for"])
        if is_hsds(form["file"]):
            said = {"chosen": form["categories"], "area": form["area"]}
            return Response(services_importing.preview(form["file"], who.acting_for, **said))
        return Response(importing.preview(form["file"], who.acting_for))

    @extend_schema(request=forms.OffersImportForm, responses={201: array_of(changes.Offer)})
    @action(detail=False, methods=["post"], url_path="import", url_name="import")
    def import_offers(self, request: Request) -> Response:
        who, found = self.posting(request, forms.OffersImportForm)
        return once(request, lambda: Response(self.kind.shape(services.post_offers(who, **found)), status=201))

    @extend_schema(responses={"type": "object", "additionalProperties": True})
    @action(detail=False)
    def hsds(self, request: Request) -> StreamingHttpResponse:
        """What is offered now, as services of HSDS 3.0 for other directories. It is recorded who took it."""
        only_known(request, self.filterset_class.base_filters)
        offers = queries.to_be_had(self.filtered(self.visible()))
        services.record_export(Actor(self.me), "hsds")
        return export.download(offers)


class PledgeFilters(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(choices=Pledge.State.choices)
    need = django_filters.UUIDFilter("need")
    offer = django_filters.UUIDFilter("offer")
    waiting = django_filters.ChoiceFilter(choices=TRUE, method="waits")

    def waits(self, rows: QuerySet[Pledge], name: str, value: str) -> QuerySet[Pledge]:
        return queries.waiting(rows, self.request.user)


class PledgeViewSet(ScopedViewSet):
    """What my organizations promised, and were promised."""

    kind = changes.PLEDGE
    filterset_class = PledgeFilters

    def visible(self) -> QuerySet[Pledge]:
        return super().visible().select_related("need__owner", "offer__owner")

    @extend_schema(request=forms.PledgeForm)
    def create(self, request: Request) -> Response:
        form = read(forms.PledgeForm, request)
        who = verified_actor(self.me, form["acting_for"])
        need = self.side("need", changes.NEED.policy, form["need"])
        offer = self.side("offer", changes.OFFER.policy, form["offer"])
        return once(
            request,
            lambda: self.answer(services.propose_pledge(who, need, offer, form["quantity"], form["note"]), status=201),
        )

    def side(self, field: str, policy: Policy[Any], pk: UUID) -> Any:
        found: Need | Offer | None = policy.visible(self.me).filter(pk=pk).select_related("owner").first()
        if found is None:
            refuse(field, "does_not_exist", "This is not there, or not shared with you.")
        return found

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        return self.answer(services.accept_pledge(Actor(self.me), self.fetch(pk)))

    @extend_schema(request=forms.PledgeDeclineForm)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        found, form = self.fetch(pk), read(forms.PledgeDeclineForm, request)
        return self.answer(services.decline_pledge(Actor(self.me), found, form["reason"], form["note"]))

    @extend_schema(request=forms.PledgeNoteForm)
    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        found, form = self.fetch(pk), read(forms.PledgeNoteForm, request)
        return self.answer(services.withdraw_pledge(Actor(self.me), found, form["note"]))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def deliver(self, request: Request, pk: str) -> Response:
        return self.answer(services.deliver_pledge(Actor(self.me), self.fetch(pk)))

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def confirm(self, request: Request, pk: str) -> Response:
        return self.answer(services.confirm_pledge(Actor(self.me), self.fetch(pk)))

    @extend_schema(request=forms.PledgeFailForm)
    @action(detail=True, methods=["post"])
    def fail(self, request: Request, pk: str) -> Response:
        found, form = self.fetch(pk), read(forms.PledgeFailForm, request)
        return self.answer(services.fail_pledge(Actor(self.me), found, form["reason"], form["note"]))


class SuggestionFilters(django_filters.FilterSet):
    need = django_filters.UUIDFilter("need")
    offer = django_filters.UUIDFilter("offer")


class SuggestionViewSet(ScopedViewSet):
    """Which offers may meet which needs, for the coordinators of both."""

    kind = changes.SUGGESTION
    filterset_class = SuggestionFilters

    @extend_schema(request=None)
    @action(detail=True, methods=["post"])
    def dismiss(self, request: Request, pk: str) -> Response:
        return self.answer(services.dismiss_suggestion(Actor(self.me), self.fetch(pk)))


class ResourceCategory(msgspec.Struct, kw_only=True):
    """A category as forms and filters need it. Of several units, whoever posts chooses one."""

    category: str
    top: str
    units: list[str]
    fresh_minutes: int


class ResourceCategoryViewSet(ViewSet):
    """The taxonomy: what can be needed or offered."""

    @extend_schema(responses=array_of(ResourceCategory))
    def list(self, request: Request) -> Response:
        shapes = [
            ResourceCategory(
                category=c.name, top=c.top, units=list(c.units), fresh_minutes=int(c.fresh.total_seconds() // 60)
            )
            for c in CATEGORIES.values()
        ]
        return private(Response(shapes))


router = SimpleRouter(trailing_slash=False)
router.register("needs", NeedViewSet, basename="need")
router.register("offers", OfferViewSet, basename="offer")
router.register("pledges", PledgeViewSet, basename="pledge")
router.register("suggestions", SuggestionViewSet, basename="suggestion")
router.register("resource-categories", ResourceCategoryViewSet, basename="resource-category")
urlpatterns = router.urls
