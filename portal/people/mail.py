"""The mails of the portal. They name no organization, no other person and no matter."""

from django.conf import settings
from django.core.mail import send_mail
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.kernel.models import Network
from portal.people.models import User


def send_password_reset(person: User, link: str) -> None:
    with override(person.locale):
        send_mail(
            _("Set a new password"),
            _(
                "Somebody asked to set a new password for your account at %(network)s.\n\n"
                "To set it, open this link within an hour:\n%(link)s\n\n"
                "If it was not you, leave this message: nothing changes."
            )
            % {"network": Network.current().name, "link": link},
            None,
            [person.email],
        )


def send_security_notice(person: User) -> None:
    with override(person.locale):
        send_mail(
            _("Your sign-in has changed"),
            _(
                "The password or the second factor of your account at %(network)s was changed.\n\n"
                "If it was not you, set a new password at once and tell an administrator:\n%(link)s"
            )
            % {"network": Network.current().name, "link": f"{settings.ORIGIN}/sign-in/forgotten"},
            None,
            [person.email],
        )


def send_new_device_notice(person: User) -> None:
    with override(person.locale):
        send_mail(
            _("A sign-in from a new device"),
            _(
                "Somebody signed in to your account at %(network)s from a device that was not used before.\n\n"
                "If it was not you, set a new password at once and tell an administrator:\n%(link)s"
            )
            % {"network": Network.current().name, "link": f"{settings.ORIGIN}/sign-in/forgotten"},
            None,
            [person.email],
        )


def send_invitation(email: str, link: str, *, network: str) -> None:
    """In the language of the account with this address, else in the network's first."""
    account = User.objects.filter(email=email).first()
    with override(account.locale if account else (Network.current().languages or ["en"])[0]):
        send_mail(
            _("You have been invited"),
            _(
                "You have been invited to join a workspace on %(network)s.\n\n"
                "To join, open this link within seven days:\n%(link)s\n\n"
                "If you did not expect this, leave this message: nothing happens."
            )
            % {"network": network, "link": link},
            None,
            [email],
        )


def send_notice(person: User) -> None:
    """That something waits, and nothing else."""
    with override(person.locale):
        send_mail(
            _("Something is waiting for you."),
            _("Something is waiting for you at %(network)s.\n\nTo see it, sign in:\n%(link)s")
            % {"network": Network.current().name, "link": f"{settings.ORIGIN}/today"},
            None,
            [person.email],
        )


def send_decline(email: str, reason: str, *, language: str) -> None:
    """To who asked for an organization from outside, in the language they asked in."""
    with override(language):
        send_mail(
            _("Your application"),
            _(
                "You asked to join %(network)s.\n\n"
                "It cannot be accepted at present, for this reason:\n%(reason)s\n\n"
                "You may apply again."
            )
            % {"network": Network.current().name, "reason": reason},
            None,
            [email],
        )
