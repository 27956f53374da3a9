"""The organizations of the demo and the people who work there. All of them are made up."""

from typing import NamedTuple

from portal.organizations.models import OrganizationKind as Kind
from portal.organizations.models import Tier

NETWORK = "Alder Valley Task Force"
ZONE = "America/Chicago"
# Linn, Johnson and Cedar County in Iowa are neighbours. The places are real; nobody in them is.
AREAS = ["US-IA-113", "US-IA-103", "US-IA-031"]
DOMAIN = "demo.example"


class House(NamedTuple):
    name: str
    kind: Kind
    about: str


class Staff(NamedTuple):
    name: str
    house: str
    tier: Tier
    locale: str


HOUSES = {
    "county": House("County Victim Services", Kind.LOCAL_GOVERNMENT, "Finds help for survivors, day and night."),
    "harbor": House("Harbor House", Kind.SHELTER_OPERATOR, "Shelter and a quiet start, for adults and children."),
    "willow": House("Willow Shelter", Kind.SHELTER_OPERATOR, "Twelve beds, accessible, open at every hour."),
    "legal": House("Northside Legal Aid", Kind.LEGAL_PROVIDER, "Free lawyers: immigration relief, family law."),
    "bar": House("Lakeside Pro Bono Panel", Kind.LEGAL_PROVIDER, "Attorneys who give their hours, and paralegals."),
    "clinic": House("Second Street Clinic", Kind.HEALTH_PROVIDER, "Primary care and trauma therapy, without papers."),
    "hospital": House("Birch General Hospital", Kind.HEALTH_PROVIDER, "Emergency care with forensic nurses on call."),
    "sheriff": House("Alder Valley Sheriff", Kind.LAW_ENFORCEMENT, "Investigations, with advocates at the table."),
    "police": House("Birch City Police", Kind.LAW_ENFORCEMENT, "A unit of four, trained with the task force."),
    "prosecutor": House("Office of the Prosecutor", Kind.PROSECUTOR_COURT, "Prosecution that does not hurry anybody."),
    "interpreters": House("Maple Interpreters", Kind.NGO_SERVICE_PROVIDER, "24 languages, by phone or in the room."),
    "bridge": House("Bridge Case Management", Kind.NGO_SERVICE_PROVIDER, "One case manager for as long as it takes."),
    "advisors": House("Lantern Survivor Advisors", Kind.SURVIVOR_LED, "People with lived experience who advise, paid."),
    "hotline": House("Midland Night Line", Kind.HOTLINE, "Answers at every hour, and calls back."),
    "children": House("Alder Child Protection", Kind.CHILD_PROTECTION, "Safety of children, with their own advocates."),
    "labor": House("State Labor Standards", Kind.CENTRAL_GOVERNMENT, "Wages, hours and safe work."),
    "tribal": House("Red Cedar Tribal Services", Kind.TRIBAL_GOVERNMENT, "Family and justice services of the nation."),
    "immigration": House("Regional Immigration Desk", Kind.IMMIGRATION_SERVICE, "Answers on status and on documents."),
    "schools": House("Birch Unified Schools", Kind.SCHOOL_UNIVERSITY, "Counsellors in nineteen schools."),
    "college": House("Cedar Community College", Kind.SCHOOL_UNIVERSITY, "Courses, stipends and a way into work."),
    "puente": House("Puente Comunitario", Kind.COMMUNITY_GROUP, "Promotoras que conocen a su gente."),
    "faith": House("Interfaith Table", Kind.FAITH_BASED, "Meals, rides and furniture from eleven houses."),
    "hotels": House("Cedar Hotel Association", Kind.BUSINESS, "Rooms in need, and staff who know the signs."),
    "staffing": House("Open Road Staffing", Kind.BUSINESS, "First jobs with fair contracts."),
    "migration": House("Migration Aid International", Kind.INTERNATIONAL_ORG, "Voluntary returns and family tracing."),
    "fund": House(
        "Alder Community Fund", Kind.FUNDER_OBSERVER, "Pays for what the county cannot, and asks how it went."
    ),
}
# waits to be verified; was suspended
WAITING = House("Riverbend Community Church", Kind.FAITH_BASED, "Meals, clothing and rides. Waits to be verified.")
# ask from outside to be let in: what each is, the contact's role and address, why, and in which language
OUTSIDE = (
    (
        House("Prairie Legal Clinic", Kind.LEGAL_PROVIDER, "Students of law under two attorneys."),
        "Clinic director",
        "clinic@prairie.example",
        "We see workers whose papers were kept from them, and have nobody to call for a bed or a doctor.",
        "en",
    ),
    (
        House("Casa Girasol", Kind.COMMUNITY_GROUP, "Acompañamiento y clases de inglés para mujeres trabajadoras."),
        "Coordinadora",
        "casa@girasol.example",
        "Queremos saber a quién llamar de noche y ofrecer nuestras clases a quienes ustedes acompañan.",
        "es",
    ),
)
SUSPENDED, WHY_SUSPENDED = (
    "staffing",
    "The insurance of its drivers lapsed. To be looked at with its director next week.",
)
# worked for this organization, and left it
LEFT = "paul"

# key, name, tier (m, c, a) and, where it is not English, language; by organization
ROLL = """
county: mara Mara Ortiz a | jonas Jonas Webb m | yara Yara Nasser c | ben Ben Achterberg m
harbor: dana Dana Kim a | lucia Lucía Ferrer m es | paul Paul Dryden c | tess Tess Okafor m
willow: rosa Rosa Benavides a es | hal Hal Jorgensen c | mina Mina Petrov m
legal: amir Amir Haddad a | noa Noa Feldman c | cruz Cruz Medrano m es
bar: elena Elena Sorokin a | theo Theo Marsh c | pilar Pilar Quintana m es
clinic: grace Grace Owusu a | sven Sven Dahl c | marta Marta Solís m es
hospital: ruth Ruth Adeyemi a | kofi Kofi Asante c | lena Lena Brandt m | joy Joy Castellano m
sheriff: tom Tom Lindqvist a | dee Dee Ramsey c | omar Omar Farah m
police: gail Gail Whitfield a | luis Luis Aranda c es | nico Nico Bell m
prosecutor: vera Vera Lindholm a | sam Sam Oduya c | iris Iris Kowalski m
interpreters: ines Inés Calderón a es | bao Bao Tran c | leila Leila Rahimi m | fode Fodé Camara m
bridge: anna Anna Virtanen a | carlos Carlos Ibáñez c es | dot Dot Ferguson m | eli Eli Navarro m
advisors: noor Noor Salim a | wren Wren Holloway c | alma Alma Reyes m es
hotline: max Max Duarte a | jo Jo Pell c | kit Kit Amari m | paz Paz Arroyo m es
children: edith Edith Moreau a | ray Ray Tamura c | lou Lou Beck m
labor: hugo Hugo Stein a | zoe Zoe Mbeki c
tribal: june June Redbird a | cal Cal Whitehorse c | skye Skye Longfeather m
immigration: ivan Ivan Petrescu a | tara Tara Doyle c
schools: pam Pam Kessler a | ali Ali Karimi c | fern Fern Abbott m
college: otis Otis Greene a | mei Mei Zhang c
puente: sol Sol Villareal a es | nadia Nadia Campos c es | beto Beto Lozano m es | chela Chela Márquez m es
faith: ham Hamid Qureshi a | ellen Ellen Voss c | abe Abe Lowenthal m
hotels: kirk Kirk Sandoval a | bea Bea Lund c
staffing: rick Rick Talbot a | ann Ann Mercer c
migration: anja Anja Keller a | desta Desta Bekele c
fund: george George Ballard a | fay Fay Winters m
"""
TIERS = {"m": Tier.MEMBER, "c": Tier.COORDINATOR, "a": Tier.ADMINISTRATOR}


def roll() -> dict[str, Staff]:
    """Everybody by their key, which begins their address."""
    found = {}
    for line in ROLL.strip().splitlines():
        house, _, staff = line.partition(": ")
        for one in staff.split(" | "):
            key, first, last, tier, *locale = one.split()
            found[key] = Staff(f"{first} {last}", house, TIERS[tier], locale[0] if locale else "en")
    return found


PEOPLE = roll()
ADMINISTRATOR, APPLICANT = "ada", "pia"
OTHERS = {ADMINISTRATOR: "Ada Novak", APPLICANT: "Pia Lund"}

# whom the demo prints to sign in as
SHOWN = {
    ADMINISTRATOR: "administers the network",
    "mara": "coordinates at a county agency, leads Victim Services",
    "dana": "coordinates at a shelter",
    "grace": "coordinates at a clinic, not yet in a group",
    "noor": "survivor consultant, leads the advisory circle",
    "tom": "law enforcement liaison, in a group that nobody else sees",
    "sol": "coordina en una organización comunitaria (español)",
}
