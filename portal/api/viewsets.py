"""The base of every resource: it sees only what the policy lets the caller see."""

import re
from collections.abc import Collection, Iterable
from typing import Any, ClassVar, cast
from uuid import UUID

import msgspec
from django.db.models import QuerySet
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from portal.api.authentication import private
from portal.api.problems import field_code
from portal.kernel.errors import FieldError, Invalid, NotFound, Problem
from portal.kernel.kinds import Kind
from portal.kernel.policy import Policy
from portal.people.models import User

DEFAULT_LIMIT, MOST = 50, 100
PAGING = {"cursor", "limit", "ids"}
# `list` is a method's name below
Verbs = list[str]
Ids = list[UUID]


class Mine(msgspec.Struct, kw_only=True):
    """What differs per person about one object: the verbs open to them, and the slice's own extras."""

    allowed: list[str]


class ScopedViewSet(ViewSet):
    """Lists and fetches through `kind.policy`; a viewset without a kind does not import."""

    kind: ClassVar[Kind]
    mine_struct: ClassVar[type[Mine]] = Mine
    filterset_class: ClassVar[Any] = None
    # how a list is paged, and what its pages say besides: {name: schema}
    paging: ClassVar[Collection[str]] = PAGING
    besides: ClassVar[dict[str, Any]] = {}
    lookup_value_regex = "[0-9a-f-]{36}"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if not hasattr(cls, "kind"):
            raise TypeError(f"{cls.__name__} names no kind, so nothing scopes it")

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        return private(super().finalize_response(request, response, *args, **kwargs))

    @property
    def me(self) -> User:
        """Who is calling: `SignedIn` let nobody else pass."""
        return cast(User, self.request.user)

    # reads

    def visible(self) -> QuerySet[Any]:
        return self.kind.policy.visible(self.me)

    def fetch(self, pk: str | UUID) -> Any:
        """The object, or the same 404 whether it is absent or hidden."""
        found = self.visible().filter(pk=as_uuid(pk)).first()
        if found is None:
            raise NotFound
        return found

    def named(self, field: str, policy: Policy[Any], ids: Collection[UUID]) -> Collection[Any]:
        """What the caller names in a field; of what they do not see nothing is said but that it is not there."""
        found = [*policy.visible(self.me).filter(pk__in=ids)]
        if len(found) < len(set(ids)):
            raise Invalid(field, "does_not_exist", "One of these is not there, or not shared with you.")
        return found

    def list(self, request: Request, **_: Any) -> Response:
        return self.page(self.filtered(self.visible()))

    def retrieve(self, request: Request, pk: str = "", **_: Any) -> Response:
        return self.answer(self.fetch(pk))

    def filtered(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        """Only allow-listed filters; anything else in the query is an error, not silence."""
        self.only_known({*self.paging, *(self.filterset_class.base_filters if self.filterset_class else ())})
        if self.filterset_class is None:
            return rows
        filters = self.filterset_class(self.request.query_params, queryset=rows, request=self.request)
        if not filters.is_valid():
            raise Problem(
                "invalid",
                errors=[
                    FieldError(name, field_code(error.code or "invalid"), "; ".join(error.messages))
                    for name, errors in filters.errors.as_data().items()
                    for error in errors
                ],
            )
        return filters.qs

    def only_known(self, known: Collection[str]) -> None:
        only_known(self.request, known)

    def page(self, rows: QuerySet[Any]) -> Response:
        query = self.request.query_params
        if "ids" in query:
            return self.answers(rows.filter(pk__in=self.ids()))
        found, following = keyset(self.request, rows)
        return self.answers(found, next_cursor=following)

    def ids(self) -> Ids:
        asked = [i for i in self.request.query_params["ids"].split(",") if i]
        if len(asked) > MOST:
            raise Invalid("ids", "too_long", f"At most {MOST} at once.")
        return [id_in("ids", i) for i in asked]

    def limit(self) -> int:
        return limit_of(self.request)

    # answers

    def answer(self, obj: Any, status: int = 200) -> Response:
        (result,) = self.kind.shape([obj])
        return Response(
            {"result": result, "mine": self.mine([obj]).get(obj.pk, Mine(allowed=[]))},
            status=status,
            headers={"ETag": f'"{obj.version}"'},
        )

    def answers(self, rows: Iterable[Any], next_cursor: str | None = None, **besides: Any) -> Response:
        objects = list(rows)
        return Response(
            {
                "results": self.kind.shape(objects),
                "mine": {str(key): mine for key, mine in self.mine(objects).items()},
                "next": next_cursor,
                **besides,
            }
        )

    def mine(self, objects: Iterable[Any]) -> dict[UUID, Mine]:
        """Batched: what the caller may do with each object, and the slice's extras."""
        return {pk: self.mine_struct(allowed=verbs) for pk, verbs in self.allowed(objects).items()}

    def allowed(self, objects: Iterable[Any]) -> dict[UUID, Verbs]:
        """The verbs open to the caller that the object's state permits: the buttons to show."""
        by_id = {o.pk: o for o in objects}
        verbs = self.kind.policy.allowed(self.me, by_id.values())
        return {pk: [v for v in mine if by_id[pk].permits(v)] for pk, mine in verbs.items()}

    # versions

    def if_match(self) -> int:
        """The version the caller edited; the service compares it under the lock."""
        header = self.request.headers.get("If-Match", "").strip().removeprefix("W/").strip('"')
        if not header:
            raise Problem("if_match_required")
        if not header.isascii() or not header.isdigit():
            raise Problem("malformed", 'If-Match is the version in quotes, such as "3".')
        return int(header)


def only_known(request: Request, known: Collection[str]) -> None:
    unknown = sorted(set(request.query_params) - set(known))
    if unknown:
        raise Problem("invalid", errors=[FieldError(n, "unknown_field", "There is no such filter.") for n in unknown])


def keyset(request: Request, rows: QuerySet[Any]) -> tuple[list[Any], str | None]:
    """A page and the cursor of the next. Newest first: ids are UUIDv7, so it is the last id of the page."""
    query = request.query_params
    if "cursor" in query:
        rows = rows.filter(pk__lt=id_in("cursor", query["cursor"]))
    limit = limit_of(request)
    found = list(rows.order_by("-pk")[: limit + 1])
    return found[:limit], str(found[limit - 1].pk) if len(found) > limit else None


def limit_of(request: Request) -> int:
    raw = request.query_params.get("limit", str(DEFAULT_LIMIT))
    if not re.fullmatch("[0-9]{1,3}", raw) or not 1 <= int(raw) <= MOST:
        raise Invalid("limit", "invalid", f"A number from 1 to {MOST}.")
    return int(raw)


def id_in(parameter: str, text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Invalid(parameter, "invalid", "This is not an id.") from None


def as_uuid(text: str | UUID) -> UUID:
    """A malformed id is the id of nothing."""
    try:
        return text if isinstance(text, UUID) else UUID(text)
    except ValueError:
        raise NotFound from None
