"""The mail that carries an entry for a calendar: the same words for every one, whatever it is about."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils.translation import gettext as _
from django.utils.translation import override

from coordination.calendars import writer
from coordination.calendars.queries import Letter
from portal.kernel.models import Network


def send(letter: Letter) -> None:
    write, method = (writer.cancellation, "CANCEL") if letter.cancels else (writer.invitation, "REQUEST")
    with override(letter.person.locale):
        mail = EmailMultiAlternatives(
            _("For your calendar"),
            _("Something in your calendar at %(network)s is new or has changed.\n\nTo see it, sign in:\n%(link)s")
            % {"network": Network.current().name, "link": f"{settings.ORIGIN}/events"},
            None,
            [letter.person.email],
        )
        entry = write(letter.person.pk, letter.person.email, letter.entry, letter.sequence)
    mail.attach_alternative(entry.decode(), f"text/calendar; method={method}")
    mail.send()
