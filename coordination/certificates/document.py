"""A certificate on paper: one page, in the language of whoever prints it."""

from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import override
from fpdf import FPDF

from coordination.certificates.changes import grouped
from coordination.certificates.models import Certificate
from portal.kernel.errors import Conflict
from portal.kernel.models import Network

FONTS = Path(__file__).parent / "data"
INK, SOFT, ACCENT = (29, 39, 40), (76, 85, 87), (11, 90, 98)
# in millimetres: the frame around all, what is said between top and foot
FRAME, SIDE, TOP, FOOT = 10, 28, 20, 46
SCALES = (1, 0.85, 0.7, 0.6, 0.5)
WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "certificate": "Certificate of attendance",
        "was_there": "took part in",
        "when": "on {day}, {hours}",
        "hour": ("hour", "hours"),
        "minute": ("minute", "minutes"),
        "and": " and ",
        "by": "organized by {issuer}",
        "check": "To check it: {address}",
        "code": "Code {code}",
    },
    "es": {
        "certificate": "Certificado de asistencia",
        "was_there": "participó en",
        "when": "el {day}, {hours}",
        "hour": ("hora", "horas"),
        "minute": ("minuto", "minutos"),
        "and": " y ",
        "by": "organizado por {issuer}",
        "check": "Para comprobarlo: {address}",
        "code": "Código {code}",
    },
}


class Line(NamedTuple):
    """One thing that is said, and how much room is left below it."""

    text: str
    size: int
    colour: tuple[int, int, int] = INK
    bold: bool = False
    below: float = 1.5


def pdf(certificate: Certificate, language: str) -> bytes:
    if not certificate.stands:
        raise Conflict("wrong_state")
    words = WORDS[language]
    page = blank(words["certificate"], language)
    page.set_creation_date(certificate.issued_at)
    said = lines(certificate, words, language)
    room = page.h - TOP - FOOT - 4
    scale = next((s for s in SCALES if height(page, said, s) <= room), SCALES[-1])
    page.set_y(TOP + max(0, (room - height(page, said, scale)) / 2))
    for line in said:
        write(page, line, scale)
    page.set_draw_color(*SOFT)
    page.line(SIDE, page.h - FOOT, page.w - SIDE, page.h - FOOT)
    page.set_y(-FOOT + 4)
    write(page, Line(words["code"].format(code=grouped(certificate.code)), 11))
    write(page, Line(words["check"].format(address=f"{settings.ORIGIN}/{language}/certificate"), 10, SOFT))
    return bytes(page.output())


def blank(title: str, language: str) -> FPDF:
    page = FPDF(orientation="landscape", format="A4")
    page.set_title(title)
    page.set_lang(language)
    page.add_font("sans", "", FONTS / "DejaVuSans.ttf")
    page.add_font("sans", "B", FONTS / "DejaVuSans-Bold.ttf")
    page.set_margin(SIDE)
    page.set_auto_page_break(False)
    page.add_page()
    page.set_draw_color(*ACCENT)
    page.rect(FRAME, FRAME, page.w - 2 * FRAME, page.h - 2 * FRAME)
    return page


def lines(certificate: Certificate, words: dict[str, Any], language: str) -> list[Line]:
    with override(language):
        day = date_format(certificate.held_on, "DATE_FORMAT")
    when = words["when"].format(day=day, hours=duration(certificate.minutes, language))
    return [
        Line(Network.current().name, 12, SOFT, below=8),
        Line(words["certificate"], 24, ACCENT, bold=True, below=10),
        Line(certificate.person.name, 22, bold=True, below=3),
        Line(words["was_there"], 13, SOFT, below=3),
        Line(certificate.title, 17, bold=True, below=3),
        Line(when, 13),
        Line(words["by"].format(issuer=certificate.issuer.name), 13, below=0),
    ]


def duration(minutes: int, language: str) -> str:
    """As people say it: "1 hour and 30 minutes"."""
    words = WORDS[language]
    parts = zip(divmod(minutes, 60), (words["hour"], words["minute"]), strict=True)
    said = [f"{count} {one if count == 1 else many}" for count, (one, many) in parts if count]
    return str(words["and"].join(said))


def height(page: FPDF, said: list[Line], scale: float) -> float:
    return sum(write(page, line, scale, dry_run=True) + line.below * scale for line in said)


def write(page: FPDF, line: Line, scale: float = 1, *, dry_run: bool = False) -> float:
    """How high it is."""
    size = line.size * scale
    page.set_font("sans", "B" if line.bold else "", size)
    page.set_text_color(*line.colour)
    high = page.multi_cell(
        0, size * 0.55, line.text, align="C", new_x="LMARGIN", new_y="NEXT", dry_run=dry_run, output="HEIGHT"
    )
    if not dry_run:
        page.ln(line.below * scale)
    return float(high)  # type: ignore[arg-type]
