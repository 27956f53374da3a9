"""One night of a storm, before all else: more beds were asked for than there were, and by the morning that was said."""

from portal.config.demo.ask import BED, A, Ask, B, bed

FULL, LATE = "capacity", "A room at the motel for one night. The shelters were full."


def in_vain(poster: str, time: str, beds: dict[str, object], closed: int, outcome: str, words: str = "") -> Ask:
    """Asked on the evening, answered with a no, closed so many minutes later."""
    steps = [(9, "no", "dana", FULL), (closed, "close", poster, outcome, words)]
    return Ask(BED, poster, (34, time), beds, "harbor willow", steps)


STORM = [
    in_vain("mara", "17:20", bed(1, 2, 2, "spa", A), 930, "not_met", LATE),
    in_vain("jo", "17:55", bed(1, 0, 3, "eng", A), 900, "not_met"),
    in_vain("anna", "18:10", bed(1, 1, 2, "por", A), 890, "partly_met", "One night of two."),
    in_vain("luis", "18:40", bed(1, 0, 2, "spa", A), 870, "not_met", "No había cama en todo el condado."),
    in_vain("jonas", "19:05", bed(1, 0, 2, "fra", A), 850, "not_met"),
    in_vain("kit", "19:30", bed(2, 0, 2, "eng", A), 820, "not_met", "We called everybody on the list."),
    in_vain("luis", "20:15", bed(1, 1, 4, "spa", A), 790, "not_met"),
    in_vain("yara", "21:00", bed(1, 3, 2, "ara", A), 740, "partly_met", LATE),
    in_vain("anna", "21:40", bed(1, 0, 2, "tgl", A), 710, "not_met"),
    in_vain("jo", "22:30", bed(1, 0, 5, "spa", B), 670, "not_met"),
]
