"""A certificate on paper: one page, in the language of whoever prints it."""

from pathlib import Path

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import override
from fpdf import FPDF

from coordination.certificates.changes import grouped
from coordination.certificates.models import Certificate
from portal.kernel.models import Network

FONTS = Path(__file__).parent / "data"
INK, SOFT, ACCENT = (29, 39, 40), (76, 85, 87), (11, 90, 98)
WORDS = {
    "en": {
        "certificate": "Certificate of attendance",
        "was_there": "took part in",
        "when": "on {day}, {hours}",
        "hours": "{minutes} minutes",
        "by": "organized by {issuer}",
        "check": "To check it: {address}",
        "code": "Code {code}",
    },
    "es": {
        "certificate": "Certificado de asistencia",
        "was_there": "participó en",
        "when": "el {day}, {hours}",
        "hours": "{minutes} minutos",
        "by": "organizado por {issuer}",
        "check": "Para comprobarlo: {address}",
        "code": "Código {code}",
    },
}


def pdf(certificate: Certificate, language: str) -> bytes:
    words = WORDS[language]
    with override(language):
        day = date_format(certificate.held_on, "DATE_FORMAT")
    page = FPDF(orientation="landscape", format="A4")
    page.set_title(words["certificate"])
    page.set_lang(language)
    page.set_creation_date(certificate.issued_at)
    page.add_font("sans", "", FONTS / "DejaVuSans.ttf")
    page.add_font("sans", "B", FONTS / "DejaVuSans-Bold.ttf")
    page.set_margin(28)
    page.set_auto_page_break(False)
    page.add_page()
    line(page, Network.current().name, 12, SOFT)
    page.ln(10)
    line(page, words["certificate"], 24, ACCENT, bold=True)
    page.ln(10)
    line(page, certificate.person.name, 22, INK, bold=True)
    line(page, words["was_there"], 13, SOFT)
    line(page, certificate.title, 17, INK, bold=True)
    hours = words["hours"].format(minutes=certificate.minutes)
    line(page, words["when"].format(day=day, hours=hours), 13, INK)
    line(page, words["by"].format(issuer=certificate.issuer.name), 13, INK)
    page.set_y(-46)
    page.set_draw_color(*SOFT)
    page.line(page.l_margin, page.get_y() - 4, page.w - page.r_margin, page.get_y() - 4)
    line(page, words["code"].format(code=grouped(certificate.code)), 11, INK)
    line(page, words["check"].format(address=f"{settings.ORIGIN}/{language}/certificate"), 10, SOFT)
    return bytes(page.output())


def line(page: FPDF, text: str, size: int, colour: tuple[int, int, int], *, bold: bool = False) -> None:
    page.set_font("sans", "B" if bold else "", size)
    page.set_text_color(*colour)
    page.multi_cell(0, size * 0.55, text, align="C", new_x="LMARGIN", new_y="NEXT")
    page.ln(size * 0.12)
