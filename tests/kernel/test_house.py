"""What holds for every kind, every address and every operation, whoever adds one."""

import re
from collections import defaultdict
from uuid import UUID

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import URLPattern, URLResolver, get_resolver
from drf_spectacular.generators import SchemaGenerator
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase
from openapi_spec_validator import OpenAPIV31SpecValidator

from portal.api.viewsets import ScopedViewSet
from portal.kernel.kinds import KINDS
from portal.kernel.models import Versioned
from portal.kernel.policy import BorrowedPolicy, PartPolicy, SharedPolicy
from tests import world

# addresses under /api/v1/ that are about no kind of object: who calls, the forms, a mailed link, what is only counted
WITHOUT_KIND = {
    *(
        "SessionViewSet",
        "ThisSessionViewSet",
        "MeViewSet",
        "DeviceViewSet",
        "SignInViewSet",
        "WakingViewSet",
        "NetworkViewSet",
    ),
    *("RequestKindViewSet", "ResourceCategoryViewSet", "JoinViewSet"),
    "ClosingViewSet",
    *("OrganizationUnmetViewSet", "NetworkUnmetViewSet"),
    *("CalendarFeedViewSet", "CalendarFileViewSet", "CalendarPreferencesViewSet"),
}
METHODS = {"get", "post", "put", "patch", "delete"}


def versioned():
    return [m for m in apps.get_models() if issubclass(m, Versioned) and getattr(m, "kind", None)]


def routes(patterns=None, before=""):
    """(path as OpenAPI writes it, viewset, {method: action}) of every address."""
    for found in patterns if patterns is not None else get_resolver().url_patterns:
        path = before + str(found.pattern)
        if isinstance(found, URLResolver):
            yield from routes(found.url_patterns, path)
        elif isinstance(found, URLPattern) and path.startswith("api/v1/"):
            yield readable(path), found.callback.cls, found.callback.actions


def readable(path):
    path = re.sub(r"\(\?P<(\w+)>[^)]*\)", r"{\1}", path)
    path = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path)
    return "/" + re.sub(r"[\^$]|\\[zZ]", "", path)


@pytest.fixture(scope="module")
def document():
    return SchemaGenerator().get_schema(request=None, public=True)


def operations(document):
    return {(path, method) for path, methods in document["paths"].items() for method in methods.keys() & METHODS}


def nameless(path):
    return re.sub(r"{\w+}", "{}", path)


# kinds


def test_every_versioned_model_is_a_kind_that_somebody_announces():
    assert {m.kind for m in versioned()} == KINDS.keys()
    assert {m.kind: m for m in versioned()} == {name: kind.policy.model for name, kind in KINDS.items()}


def test_what_is_shared_has_both_tables_of_grants():
    for kind in KINDS.values():
        relations = {f.name: f.related_model for f in kind.policy.model._meta.related_objects}
        if isinstance(kind.policy, SharedPolicy):
            assert issubclass(relations["audience_grants"], GroupObjectPermissionBase)
            assert issubclass(relations["person_grants"], UserObjectPermissionBase)
            indexed = [i.fields for i in relations["audience_grants"]._meta.indexes]
            assert ["content_object", "permission", "group"] in indexed
        else:
            assert isinstance(kind.policy, BorrowedPolicy | PartPolicy)
            assert "audience_grants" not in relations


def test_every_kind_has_a_shape_in_the_document(document):
    schemas = document["components"]["schemas"]
    for kind in KINDS.values():
        fields = schemas[kind.struct.__name__]["properties"]
        assert fields.keys() == set(kind.struct.__struct_fields__)
        assert {"id", "version"} <= fields.keys()


@pytest.mark.django_db
def test_no_policy_fetches_more_than_it_needs(scene):
    """A join too many is not seen on a small SQLite; PostgreSQL planned one for minutes."""
    scene.with_everything()
    for kind in KINDS.values():
        objects = list(kind.policy.model._default_manager.all())
        with CaptureQueriesContext(connection) as asked:
            kind.policy.allowed(scene.mara, objects)
        wanted = {name for path in kind.policy.needs for name in path.split("__")}
        own = f'SELECT "{kind.policy.model._meta.db_table}".'
        joins = [q["sql"].count(" JOIN ") for q in asked if q["sql"].startswith(own)]
        assert joins
        assert max(joins) <= len(wanted) + 1, kind.name


@pytest.mark.django_db
def test_guardian_s_generic_tables_stay_empty(scene):
    scene.with_everything()
    for name in ("UserObjectPermission", "GroupObjectPermission"):
        assert apps.get_model("guardian", name)._base_manager.count() == 0


# addresses


def test_every_address_is_about_a_kind_or_in_the_short_list():
    viewsets = {viewset for _, viewset, _ in routes()}
    assert {v.__name__ for v in viewsets if not issubclass(v, ScopedViewSet)} == WITHOUT_KIND
    assert {v.kind for v in viewsets if issubclass(v, ScopedViewSet)} <= set(KINDS.values())


def test_a_viewset_without_a_kind_cannot_be_written():
    with pytest.raises(TypeError, match="names no kind"):
        type("Loose", (ScopedViewSet,), {})


def test_what_is_mine_about_a_kind_has_one_form_whatever_answers(document):
    forms = defaultdict(set)
    for said in walk(document["paths"]):
        if "mine" in (properties := said.get("properties", {})):
            of, mine = properties.get("result") or properties["results"]["items"], properties["mine"]
            forms[of["$ref"]].add(mine.get("$ref") or mine["additionalProperties"]["$ref"])
    assert len(forms) > 20
    assert {of: mine for of, mine in forms.items() if len(mine) > 1} == {}


def walk(said):
    if isinstance(said, dict):
        yield said
        said = list(said.values())
    for inner in said if isinstance(said, list) else ():
        yield from walk(inner)


def test_the_document_is_valid(document):
    assert [str(e) for e in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_address_is_in_the_document(document):
    written = {(nameless(path), method) for path, method in operations(document)}
    served = {
        (nameless(path), method)
        for path, viewset, actions in routes()
        for method, action in actions.items()
        if method in METHODS and hasattr(viewset, action)
    }
    assert served == written


def test_every_operation_has_a_name_of_its_own(document):
    names = [op["operationId"] for m in document["paths"].values() for name, op in m.items() if name in METHODS]
    assert len(names) == len(set(names))


def test_every_refusal_is_a_problem(document):
    for path, method in operations(document):
        refusals = document["paths"][path][method]["responses"]["default"]["content"]
        assert refusals.keys() == {"application/problem+json"}


@pytest.mark.django_db
def test_the_page_for_people_names_every_operation(document):
    page = world.client().get("/api/docs")
    assert page.status_code == 200
    text = re.sub(r"<[^>]+>|\s+", " ", page.content.decode())
    text = re.sub(r"\s+", " ", text)
    for path, method in operations(document):
        assert f"{method.upper()} {path}" in text, (method, path)


@pytest.mark.django_db
def test_the_document_is_served_to_anybody(document):
    served = world.client().get("/api/openapi.json").json()
    assert served["paths"].keys() == document["paths"].keys()


# ids


def test_ids_sort_by_the_time_they_were_made():
    from portal.kernel.ids import uuid7

    made = [uuid7() for _ in range(1000)]
    assert made == sorted(made)
    assert {UUID(str(i)).version for i in made} == {7}
