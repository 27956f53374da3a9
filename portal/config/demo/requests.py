"""The requests of the demo: all kinds, in every state."""

from portal.config.demo.ask import BED, INFORMATION, INTERPRETER, A, Ask, B, C, bed, interpreter, question
from portal.config.demo.requests_other import OTHER
from portal.config.demo.requests_past import PAST
from portal.config.demo.requests_storm import STORM

NOW = [
    # today: what waits
    Ask(
        INFORMATION,
        "amir",
        (1, "13:40"),
        question("law", "Who has a recent template for a release that names one agency and one date?"),
        "bar immigration county",
        [(150, "seen", "theo"), (400, "maybe", "ivan", "Ours is being reviewed.")],
        groups="legal",
        places=2,
    ),
    Ask(
        INFORMATION,
        "ruth",
        (1, "11:20"),
        question("services", "Who can drive people to early appointments in winter?"),
        "faith clinic bridge",
        [(60, "yes", "ham", "Four drivers, from six in the morning.")],
        groups="health",
        places=3,
    ),
    Ask(
        BED,
        "jonas",
        170,
        bed(1, 0, 3, "spa", A, 200),
        "harbor willow",
        [
            (6, "seen", "lucia"),
            (11, "yes", "rosa", "Una habitación individual."),
            (20, "task", "jonas", "Meet the driver at the side entrance", "jonas", 140),
            (22, "task", "rosa", "Preparar ropa de cama y toallas", "rosa", 100),
            (35, "start", "jonas"),
            (90, "finish", "rosa", "Preparar ropa de cama y toallas"),
        ],
    ),
    Ask(
        INTERPRETER,
        "amir",
        95,
        interpreter("tgl", "phone", 120, B, 600, gender="female"),
        "interpreters",
        [(20, "yes", "ines", "Por teléfono, mañana temprano.")],
    ),
    Ask(
        BED,
        "anna",
        19,
        bed(1, 1, 2, "spa", B, 150),
        "harbor willow",
        [(4, "seen", "mina"), (12, "maybe", "hal", "If a cot can be found.")],
        groups="victim_services",
        note="Arrives by car. No stairs, please.",
    ),
    Ask(INTERPRETER, "max", 12, interpreter("ukr", "video", 45, C, 45), "interpreters clinic", [(3, "seen", "leila")]),
    Ask(
        BED,
        "mara",
        9,
        bed(1, 2, 3, "por", A, 90),
        "harbor willow clinic",
        [(3, "seen", "lucia"), (5, "no", "hal", "capacity"), (8, "note", "mara", "The driver can come at any time.")],
        groups="victim_services",
        note="A door and a quiet room. Transport is arranged.",
        need="beds tonight",
    ),
    Ask(
        INFORMATION,
        "dana",
        5,
        question("services", "Who has winter clothing for children at hand?"),
        "county faith puente",
        [(4, "seen", "jonas")],
    ),
]
REQUESTS = [*STORM, *PAST, *OTHER, *NOW]
