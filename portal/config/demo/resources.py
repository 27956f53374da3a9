"""What the organizations of the demo need, offer and promise each other."""

from typing import Any, NamedTuple

from portal.config.demo.ask import A, B, C


class Offered(NamedTuple):
    """`days`: how long ago it was posted; `said`: how many hours ago somebody last said what is left, and how many.

    With a `group`, for its members alone.
    """

    by: str
    category: str
    maximum: int
    area: str
    days: int
    note: str = ""
    said: tuple[int, int] | None = None
    more: dict[str, Any] = {}
    group: str = ""


class Needed(NamedTuple):
    """`lasts`: days, from when it was posted. With a `group`, for its members alone."""

    by: str
    category: str
    quantity: int
    urgency: str
    area: str
    hours: int
    note: str = ""
    lasts: int = 14
    more: dict[str, Any] = {}
    group: str = ""


class Promised(NamedTuple):
    """`by` proposes; then what follows, each step an hour after the last: what, who, why."""

    need: str
    offer: str
    quantity: int
    by: str
    steps: tuple[tuple[str, ...], ...] = ()
    note: str = ""


FAMILIES = {"populations": ["families", "children"]}
SPANISH = {"languages": ["spa", "eng"]}
NIGHT = {"intake_hours": [{"days": ["friday", "saturday", "sunday"], "opens": "18:00", "closes": "02:00"}]}
OFFICE = {
    "intake_hours": [
        {"days": ["monday", "tuesday", "wednesday", "thursday", "friday"], "opens": "09:00", "closes": "17:00"}
    ]
}
PETS = {"barriers": ["pets", "sobriety_rule"]}

OFFERS = {
    "harbor beds": Offered(
        "dana", "emergency_bed", 12, A, 20, "Single rooms, two of them accessible.", (2, 4), SPANISH
    ),
    "willow beds": Offered("rosa", "emergency_bed", 12, B, 18, "Open at every hour.", (5, 3), SPANISH | PETS),
    "night beds": Offered(
        "hal", "family_unit", 2, B, 15, "Two rooms with a shared kitchen.", (30, 1), FAMILIES | NIGHT
    ),
    "rooms": Offered("kirk", "hotel_voucher", 8, C, 14, "For up to three nights.", (7, 6), {"unit": "voucher"}),
    "flats": Offered(
        "tess", "transitional_housing", 3, A, 26, "Six months, with a case manager.", (240, 1), group="victim_services"
    ),
    "primary care": Offered("grace", "primary_care", 20, A, 22, "Without papers.", (60, 14), SPANISH | OFFICE),
    "therapy": Offered("sven", "trauma_therapy", 16, A, 21, "", (90, 6), {"barriers": ["cost_insurance", "waitlist"]}),
    "exams": Offered("ruth", "forensic_exam", 4, B, 19, "A nurse is on call.", (26, 4)),
    "dentist": Offered("kofi", "dental", 6, B, 12, "", None, {"cost": "sliding_scale"}),
    "representation": Offered("amir", "pro_bono_representation", 40, A, 25, "", (100, 22), SPANISH),
    "relief": Offered("noa", "immigration_relief", 10, A, 25, "Screening first.", (100, 4), SPANISH),
    "panel": Offered("elena", "criminal_record_relief", 8, B, 16, "", (300, 5)),
    "paralegal": Offered("theo", "paralegal_support", 12, B, 33, "Forms and filings.", None),
    "interpreters": Offered(
        "ines", "interpreter", 30, A, 24, "By phone at once.", (8, 18), {"languages": ["spa", "por"]}
    ),
    "sign language": Offered("bao", "sign_language", 6, A, 24, "", (50, 6), {"languages": ["ase"]}),
    "rides": Offered("ham", "appointment_ride", 10, A, 11, "Drivers from six in the morning.", (20, 7)),
    "night rides": Offered("ellen", "urgent_ride", 3, A, 11, "", (4, 2), NIGHT),
    "coats": Offered("abe", "clothing_hygiene", 60, A, 9, "Winter coats in all sizes.", (70, 35), FAMILIES),
    "meals": Offered("ellen", "food", 40, C, 9, "", (12, 25)),
    "phones": Offered("max", "phone_device", 15, A, 17, "New, with a prepaid card.", (200, 9)),
    "funds": Offered("george", "emergency_cash", 25, A, 28, "", (150, 11), {"unit": "voucher"}),
    "courses": Offered("otis", "vocational_training", 20, C, 27, "Paid from the first day.", (300, 8)),
    "first jobs": Offered("rick", "job_placement", 5, A, 10, "Fair contracts.", None),
    "case managers": Offered("anna", "case_management", 10, A, 23, "", (44, 3), SPANISH),
    "supervision": Offered("wren", "supervision", 8, A, 13, "For staff who work nights.", (170, 5)),
    "winter drill": Offered(
        "dana", "emergency_bed", 10, A, 6, "For the exercise in winter.", (3, 10), {"exercise": True}
    ),
}

NEEDS = {
    "beds tonight": Needed("mara", "emergency_bed", 3, "critical", A, 1, "One adult with two children."),
    "family room": Needed("anna", "family_unit", 1, "urgent", B, 4, "No stairs, please.", 7, FAMILIES),
    "beds last week": Needed("jonas", "emergency_bed", 4, "urgent", A, 170, "", 7),
    "flat": Needed(
        "carlos", "transitional_housing", 1, "soon", A, 60, "Cerca de una escuela.", 30, SPANISH, "victim_services"
    ),
    "therapy hours": Needed("mara", "trauma_therapy", 6, "soon", A, 100, "", 30, SPANISH),
    "dental care": Needed("dot", "dental", 2, "soon", B, 130),
    "attorney hours": Needed("yara", "pro_bono_representation", 10, "soon", A, 120, "", 30),
    "relief": Needed(
        "sol", "immigration_relief", 3, "planned", A, 200, "Dos familias y una persona sola.", 60, SPANISH
    ),
    "interpreter": Needed("max", "interpreter", 4, "urgent", B, 3, "By phone.", 3, {"languages": ["por"]}),
    "rides": Needed("nadia", "appointment_ride", 4, "soon", A, 30, "Para la clínica, por la mañana.", 14, SPANISH),
    "coats": Needed("dana", "clothing_hygiene", 12, "soon", A, 20, "For children, before the frost."),
    "phones": Needed("hal", "phone_device", 5, "urgent", B, 50),
    "course": Needed("anna", "vocational_training", 2, "planned", C, 300, "", 60),
    "old need": Needed("ruth", "respite_cover", 1, "soon", B, 400, "", 10, {"unit": "hour"}),
    "night staff": Needed("jo", "supervision", 3, "planned", A, 90, "A group of four, after the night."),
    "drill": Needed("mara", "emergency_bed", 6, "critical", A, 6, "For the exercise in winter.", 7, {"exercise": True}),
}

PLEDGES = [
    Promised("beds tonight", "harbor beds", 2, "dana", (), "A family room is free from ten."),
    Promised("beds last week", "willow beds", 4, "rosa", (("accept", "mara"), ("deliver", "hal"), ("confirm", "yara"))),
    Promised("family room", "night beds", 1, "anna", (("accept", "rosa"),)),
    Promised("therapy hours", "therapy", 4, "sven", (("accept", "mara"), ("deliver", "grace"))),
    Promised("attorney hours", "representation", 6, "mara", (("accept", "noa"),)),
    Promised("relief", "relief", 2, "sol", (("decline", "amir", "capacity"),)),
    Promised("rides", "rides", 3, "ham", (("accept", "sol"), ("fail", "ham", "capacity"))),
    Promised("coats", "coats", 12, "ham", (("accept", "dana"), ("deliver", "ellen"), ("confirm", "dana"))),
    Promised("phones", "phones", 5, "max", (("withdraw", "max"),)),
    Promised("course", "courses", 2, "mei", (("accept", "anna"),)),
    Promised("interpreter", "interpreters", 4, "ines"),
    Promised("drill", "winter drill", 6, "dana", (("accept", "mara"),)),
]
