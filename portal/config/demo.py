"""A small demo network, made through the services, so that it obeys every rule it shows."""

from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Any

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from coordination.requests import services as requests
from coordination.working_groups import services as working_groups
from messaging import services as messaging
from portal.kernel.ids import uuid7
from portal.kernel.models import Network
from portal.kernel.writing import THE_PORTAL, Actor
from portal.organizations import services as organizations
from portal.organizations.models import Organization, OrganizationKind, Tier
from portal.people import services as people
from portal.people.models import User

PASSWORD = "lantern-meadow-harbor"  # noqa: S105 - printed for everybody who starts the demo
DOMAIN = "demo.example"
AREAS = ["Alder County", "Birch County", "Cedar County"]
ZONE = "America/Chicago"

ORGANIZATIONS: dict[str, tuple[OrganizationKind, str]] = {
    "County Victim Services": (OrganizationKind.LOCAL_GOVERNMENT, "Finds help for survivors, day and night."),
    "Harbor House": (OrganizationKind.SHELTER_OPERATOR, "Shelter and a quiet start, for adults and children."),
    "Northside Legal Aid": (OrganizationKind.LEGAL_PROVIDER, "Free lawyers: immigration relief, family law."),
    "Second Street Clinic": (OrganizationKind.HEALTH_PROVIDER, "Primary care and trauma therapy, without papers."),
    "Alder County Sheriff": (OrganizationKind.LAW_ENFORCEMENT, "Investigations, with advocates at the table."),
    "Maple Interpreters": (OrganizationKind.NGO_SERVICE_PROVIDER, "Interpreters in 24 languages, by phone or there."),
}
PEOPLE: dict[str, tuple[str, str, Tier, str]] = {
    "mara": ("Mara Ortiz", "County Victim Services", Tier.ADMINISTRATOR, "en"),
    "jonas": ("Jonas Webb", "County Victim Services", Tier.MEMBER, "en"),
    "dana": ("Dana Kim", "Harbor House", Tier.ADMINISTRATOR, "en"),
    "lucia": ("Lucía Ferrer", "Harbor House", Tier.MEMBER, "es"),
    "amir": ("Amir Haddad", "Northside Legal Aid", Tier.ADMINISTRATOR, "en"),
    "grace": ("Grace Owusu", "Second Street Clinic", Tier.ADMINISTRATOR, "en"),
    "tom": ("Tom Lindqvist", "Alder County Sheriff", Tier.ADMINISTRATOR, "en"),
    "ines": ("Inés Calderón", "Maple Interpreters", Tier.ADMINISTRATOR, "es"),
}
ADMINISTRATOR = "ada"
SHOWN = {
    ADMINISTRATOR: "administers the network",
    "mara": "coordinates at a county agency, leads Victim Services",
    "dana": "coordinates at a shelter",
    "grace": "coordinates at a clinic, not yet in a group",
}


def seed() -> Iterator[str]:
    """Make it, a step at a time; yields what was done."""
    people.create_network(
        "Alder County Task Force",
        time_zone=ZONE,
        languages=["en", "es"],
        areas=AREAS,
        second_factor_required=False,
        demo=True,
    )
    ada = person(ADMINISTRATOR, "Ada Novak", "en")
    people.appoint_administrator(ada)
    yield "network"
    houses = {name: organizations.found(name, kind, description=about) for name, (kind, about) in ORGANIZATIONS.items()}
    who = {}
    for key, (name, house, tier, locale) in PEOPLE.items():
        who[key] = person(key, name, locale)
        organizations.seat(Actor(ada), houses[house], who[key], tier)
    organizations.apply(
        Actor(who["tom"]),
        "Riverbend Community Church",
        OrganizationKind.FAITH_BASED,
        description="Meals, clothing and rides. Waits to be verified.",
    )
    yield "organizations and people"
    acting = {key: Actor(who[key], houses[PEOPLE[key][1]]) for key in PEOPLE}
    groups = seed_groups(acting, who)
    yield "working groups"
    seed_requests(acting, houses, groups)
    yield "requests"
    talk(acting, groups)
    yield "messages"


def seed_groups(acting: dict[str, Actor], who: dict[str, User]) -> dict[str, Any]:
    victim_services = working_groups.create_working_group(
        acting["mara"],
        name="Victim Services",
        group_kind="victim_services",
        purpose="Who can help whom, tonight and this week. Service level only: no names, no stories.",
    )
    legal = working_groups.create_working_group(
        acting["amir"],
        name="Legal Services",
        group_kind="legal_services",
        purpose="Lawyers and advocates share dockets, trainings and hours.",
    )
    for key, group, lead, named in (
        ("dana", victim_services, "mara", ["dana", "lucia"]),
        ("amir", victim_services, "mara", ["amir"]),
        ("mara", legal, "amir", ["mara"]),
        ("tom", legal, "amir", ["tom"]),
    ):
        asked = working_groups.apply_to_join(acting[key], group, [who[n] for n in named])
        working_groups.accept_application(acting[lead], asked)
    working_groups.apply_to_join(
        acting["ines"], victim_services, [who["ines"]], "We are called at night and would like to know the rota."
    )
    return {"victim_services": victim_services, "legal": legal}


def seed_requests(acting: dict[str, Actor], houses: dict[str, Organization], groups: dict[str, Any]) -> None:
    tonight = (timezone.now() + timedelta(hours=1)).replace(minute=0, second=0, microsecond=0)
    shelter = requests.post_request(
        acting["mara"],
        request_kind="emergency_shelter",
        details={
            "adults": 1,
            "children": 2,
            "starts_at": tonight.isoformat(),
            "nights": 3,
            "languages": ["por"],
            "area": AREAS[0],
        },
        note="A door and a quiet room. Transport is arranged.",
        organizations=[houses["Harbor House"], houses["Second Street Clinic"]],
        working_groups=[groups["victim_services"]],
    )
    requests.note_on_request(acting["mara"], shelter, "The driver can come from 21:30.")
    requests.acknowledge_request(acting["lucia"], shelter)
    interpreter = requests.post_request(
        acting["amir"],
        request_kind="interpreter_now",
        details={
            "language": "tgl",
            "mode": "phone",
            "purpose": "service",
            "gender_preference": "female",
            "starts_at": (tonight + timedelta(hours=12)).isoformat(),
            "duration_minutes": 120,
            "area": AREAS[1],
        },
        organizations=[houses["Maple Interpreters"]],
        working_groups=[],
    )
    requests.answer_request(acting["ines"], interpreter, "yes", note="By phone, from 09:00.")
    question = requests.post_request(
        acting["tom"],
        request_kind="information_request",
        details={"topic": "training", "question": "Which trainings on trauma-informed interviews run this quarter?"},
        places=3,
        organizations=[houses["County Victim Services"], houses["Northside Legal Aid"]],
        working_groups=[groups["legal"]],
    )
    requests.answer_request(acting["amir"], question, "yes", note="Two dates in spring; the list is in the channel.")
    done = requests.post_request(
        acting["dana"],
        request_kind="information_request",
        details={"topic": "services", "question": "Who has winter clothing for children at hand?"},
        organizations=[houses["County Victim Services"]],
        working_groups=[],
    )
    requests.answer_request(acting["mara"], done, "yes")
    requests.start_request(acting["dana"], done)
    requests.close_request(acting["dana"], done, "met", "Picked up on Friday.")


def talk(acting: dict[str, Actor], groups: dict[str, Any]) -> None:
    for key, group, words in (
        ("mara", "victim_services", "Good evening. On call tonight: Jonas until midnight, then me."),
        ("dana", "victim_services", "Harbor House has three beds open, one of them a family room."),
        ("lucia", "victim_services", "Estoy en la casa hasta las 23:00. Llamen al timbre de servicio."),
        ("amir", "victim_services", "We keep two consultation hours free tomorrow morning."),
        ("mara", "victim_services", "Thank you. I have posted a shelter request for tonight."),
        ("amir", "legal", "The spring dates for the interview training: 14 March and 4 April."),
        ("tom", "legal", "Both work for us. We would send four people."),
    ):
        messaging.post_message(acting[key], groups[group].channel, uuid7(), words)


def person(key: str, name: str, locale: str) -> User:
    return people.create_person(
        THE_PORTAL, f"{key}@{DOMAIN}", name, password_hash=hashed(), time_zone=ZONE, locale=locale
    )


@cache
def hashed() -> str:
    """The one password of all demo people is hashed once: hashing is slow on purpose."""
    return make_password(PASSWORD)


def sign_ins() -> list[str]:
    """What to sign in with, for a demo network; nothing for any other."""
    if not Network.objects.filter(demo=True).exists():
        return []
    width = max(len(key) for key in SHOWN) + len(DOMAIN) + 1
    people_shown = [f"{f'{key}@{DOMAIN}':<{width}}  {what}" for key, what in SHOWN.items()]
    return [f"Demo sign-ins (no second factor here), password {PASSWORD}:", *people_shown]
