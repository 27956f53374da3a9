from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.kernel.errors import Problem
from portal.kernel.models import Network
from portal.kernel.writing import THE_PORTAL
from portal.people import links, services
from portal.people.models import User


class Command(BaseCommand):
    help = "Names an administrator of the network, makes the network when there is none, and prints a sign-in link."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("--name", required=True, help="as others see this person")
        parser.add_argument("--network", default="Concord", help="the network's name, when it is made now")
        parser.add_argument("--time-zone", default="UTC", help="IANA name, such as America/Denver")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            link = appoint(options["email"], options["name"], options["network"], options["time_zone"])
        except Problem as problem:
            raise CommandError(problem.errors[0].message if problem.errors else problem.title) from None
        self.stdout.write(f"Set the password by this link, which works once, within an hour:\n{link}")


def appoint(email: str, name: str, network: str, time_zone: str) -> str:
    """Whoever has the address already keeps their account."""
    if not Network.objects.exists():
        services.create_network(network, time_zone=time_zone)
    person = User.objects.filter(email=email.lower()).first()
    if person is None:
        person = services.create_person(THE_PORTAL, email, name, time_zone=time_zone)
    services.appoint_administrator(person)
    return links.set_password(person)
