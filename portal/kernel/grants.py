"""django-guardian's direct-foreign-key rows are the grants. Here they are read and written."""

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any, TypeVar, cast
from uuid import UUID

from django.contrib.auth.models import Permission
from django.db import models
from django.db.models import Exists, OuterRef, QuerySet

from portal.kernel.lean import insert
from portal.kernel.models import Versioned

Object = TypeVar("Object", bound=Versioned)


@lru_cache(maxsize=256)
def view_permission(model: type[models.Model]) -> int:
    """The id of `view_<model>`, the one permission that grants are made of."""
    options = model._meta
    return Permission.objects.values_list("pk", flat=True).get(
        content_type__app_label=options.app_label,
        content_type__model=options.model_name,
        codename=f"view_{options.model_name}",
    )


def audience_rows(model: type[models.Model]) -> Any:
    """The table of grants to audiences: `<Model>GroupPermission`, related name `audience_grants`."""
    return _rows(model, "audience_grants")


def person_rows(model: type[models.Model]) -> Any:
    """The table of grants to single people (reveals): related name `person_grants`."""
    return _rows(model, "person_grants")


def _rows(model: type[models.Model], relation: str) -> Any:
    return cast(Any, model._meta.get_field(relation).related_model)._default_manager


def granted(model: type[Object], audiences: Collection[int]) -> QuerySet[Object]:
    """The objects that at least one of these audiences may see: the base of all permission."""
    rows = audience_rows(model).filter(
        content_object=OuterRef("pk"), permission=view_permission(model), group__in=audiences
    )
    return model._default_manager.filter(Exists(rows))


def granted_or_revealed(model: type[Object], audiences: Collection[int], person: UUID) -> QuerySet[Object]:
    """`granted`, and what was shown to this very person. One EXISTS: two would read every grant."""
    to_audiences = audience_rows(model).filter(
        content_object=OuterRef("pk"), permission=view_permission(model), group__in=audiences
    )
    to_person = person_rows(model).filter(content_object=OuterRef("pk"), permission=view_permission(model), user=person)
    either = to_audiences.values("content_object").union(to_person.values("content_object"), all=True)
    return model._default_manager.filter(Exists(either))


def audiences_of(objects: Iterable[Versioned]) -> dict[UUID, set[int]]:
    """Which audiences each of these objects (of one model) is granted to."""
    objects = list(objects)
    found: dict[UUID, set[int]] = {o.pk: set() for o in objects}
    if objects:
        model = type(objects[0])
        rows = audience_rows(model).filter(content_object__in=list(found), permission=view_permission(model))
        for key, audience in rows.values_list("content_object", "group"):
            found[key].add(audience)
    return found


def grant(obj: Versioned, *audiences: int) -> int:
    """Share with these audiences; how many of them it was not shared with before."""
    rows, permission = audience_rows(type(obj)).model, view_permission(type(obj))
    return insert(
        [rows(content_object_id=obj.pk, permission_id=permission, group_id=audience) for audience in audiences],
        "ON CONFLICT DO NOTHING",
    )


def ungrant(obj: Versioned, audience: int) -> bool:
    """Stop sharing with an audience; False when it was not shared."""
    deleted, _ = (
        audience_rows(type(obj))
        .filter(content_object=obj, permission=view_permission(type(obj)), group=audience)
        .delete()
    )
    return bool(deleted)
