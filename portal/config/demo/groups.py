"""The working groups of the demo: each way to join one, a rule to accept, one archived, one that is unlisted."""

from typing import NamedTuple

# what nobody outside the sealed circle may ever see a byte of
SEALED_WORD = "heron"
SEALED_GROUP = "rapid"


class Group(NamedTuple):
    name: str
    kind: str
    joining: str
    lead: str
    purpose: str
    # who comes in besides, by organization
    people: str
    rule: str = ""
    # the one that it is part of
    parent: str = ""


RULE = """We speak from what we choose to share. Nobody is asked for their story.

1. What is said here stays here. Advice leaves the circle in words that all of us have read.
2. Every meeting is paid, and everybody may leave the room without a reason.
3. Organizations listen first, and say within two weeks what they did with the advice."""

GROUPS = {
    "victim_services": Group(
        "Victim Services",
        "victim_services",
        "request",
        "mara",
        "Who can help whom, tonight and this week. Service level only: no names, no stories.",
        "jonas yara ben | dana lucia tess paul | rosa hal mina | amir noa | ruth kofi | anna carlos dot"
        " | max jo kit paz | noor | edith ray | june cal",
    ),
    "vouchers": Group(
        "Motel Vouchers / Vales de hotel",
        "housing",
        "open",
        "mara",
        "Which motels take vouchers, how many are left, and who renews them. Numbers and dates alone.",
        "jonas | dana lucia | rosa",
        parent="victim_services",
    ),
    "legal": Group(
        "Legal Services",
        "legal_services",
        "request",
        "amir",
        "Lawyers and advocates share dockets, trainings and hours.",
        "noa cruz | mara | tom | elena theo pilar | ivan | vera sam | anna",
    ),
    "health": Group(
        "Health and Healing",
        "health_mental_health",
        "open",
        "ruth",
        "Appointments without forms that frighten, therapy that lasts, and care for those who care.",
        "kofi lena joy | carlos eli | noor alma | june skye | mara",
    ),
    "outreach": Group(
        "Outreach / Alcance",
        "outreach_awareness",
        "open",
        "sol",
        "Signs, talks and tables at fairs, in the language people speak. En español y en inglés.",
        "nadia beto chela | ham ellen abe | pam ali | kirk bea | rick ann | zoe | max paz | luis",
    ),
    "advisory": Group(
        "Survivor Advisory Circle",
        "survivor_advisory",
        "invitation",
        "noor",
        "People with lived experience read what the task force writes, before it does anything.",
        "wren alma | mara | vera",
        RULE,
    ),
    "justice": Group(
        "Law Enforcement and Prosecution",
        "law_enforcement_prosecution",
        "request",
        "tom",
        "Deconfliction, trainings and the protocol for interviews with an advocate in the room.",
        "dee omar | gail luis nico | vera sam iris | hugo",
    ),
    SEALED_GROUP: Group(
        "Heron Planning",
        "rapid_response",
        "unlisted",
        "tom",
        "Heron: support for about six adults at the end of next week. Numbers and languages, nothing finer.",
        "dee | vera | ruth | bao ines | anna",
    ),
    "winter": Group(
        "Winter Drive",
        "prevention_education",
        "open",
        "ham",
        "Coats, boots and blankets before the first frost.",
        "ellen abe | sol beto | pam fern | tess",
    ),
}
ARCHIVED = "winter"
# more channels of groups: group, name, topic, announcement
CHANNELS = {
    "beds": ("victim_services", "Beds tonight", "Each evening by 18:00: what is open, in numbers.", False),
    "rota": ("victim_services", "Rota and protocols", "Only leads write here; everybody confirms.", True),
    "charlas": ("outreach", "Charlas y ferias", "Fechas, mesas y materiales.", False),
}
# private channels: name, topic, who opens it, whom they bring (people they work with), which organizations
PRIVATE = {
    "heron": ("Heron logistics", "Heron only. Rooms, cars, interpreters.", "tom", "vera ruth bao", ""),
    "desk": ("Night desk", "Whoever answers a phone after 20:00.", "max", "jonas dana hal", "hotline"),
    "news": (
        "Task force news",
        "From the coordinator to all members.",
        "mara",
        "amir tom noor",
        "harbor willow hotline bridge puente",
    ),
    "grant": ("Grant report", "Who writes which part of the spring report.", "mara", "anna noa", ""),
}
ANNOUNCING = {"news"}
# direct conversations: who, with whom
DIRECT = {
    "mara-dana": "mara dana",
    "mara-amir": "mara amir",
    "lucia-rosa": "lucia rosa",
    "noor-mara": "noor mara",
    "tom-vera": "tom vera",
    "sol-nadia": "sol nadia",
    "max-jo-kit": "max jo kit",
}
# what waits on Today: applications to groups, invitations, a rule to accept
APPLICATIONS = [
    ("victim_services", "ines", "ines leila", "We are called at night and would like to know the rota."),
    ("victim_services", "otis", "otis", "We can offer evening courses and would like to hear what is asked for."),
    ("legal", "anja", "anja desta", "For questions of voluntary return we are often asked the same things."),
]
DECLINED = (
    "justice",
    "kirk",
    "kirk",
    "Hotels see a lot.",
    "Thank you. The outreach group is the better place; they expect you.",
)
INVITATIONS = [
    ("advisory", "noor", "clinic", "Your waiting room was named as a good one. Come and hear why."),
    ("victim_services", "mara", "clinic", "You are asked for so often that you should sit with us."),
    ("health", "ruth", "clinic", "Thursdays at noon, forty minutes."),
]
RULE_WAITS = ("advisory", "june", "june")
