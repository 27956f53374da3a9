import pytest
from django.db import connection

from coordination.working_groups import services as working_groups
from portal.kernel.writing import Actor
from tests import world
from tests.live.wire import Wire
from tests.services.server import running


class Room:
    """A working group of two organizations: `lead` leads it, `member` is in it."""

    def __init__(self):
        world.network()
        self.agency = world.organization("County Agency", "local_government")
        self.house = world.organization("Harbor House", "shelter_operator")
        self.lead = world.person(self.agency, "administrator", "Lea Lead")
        self.member = world.person(self.house, "administrator", "Max Member")
        self.group = working_groups.create_working_group(
            Actor(self.lead, self.agency), name="Victim Services", group_kind="victim_services"
        )
        self.admit(self.member)
        self.channel = self.group.channel

    @property
    def audience(self):
        return str(self.group.members.uuid)

    def admit(self, *people):
        asked = working_groups.apply_to_join(Actor(people[0], self.house), self.group, people)
        working_groups.accept_application(Actor(self.lead), asked)

    def remove(self, person):
        from coordination.working_groups.queries import group_member

        working_groups.remove_member(Actor(self.lead), self.group, group_member(self.lead, self.group, person.pk))


@pytest.fixture
def room(transactional_db):
    return Room()


@pytest.fixture(scope="module")
def server(django_db_setup, django_db_blocker, tmp_path_factory):
    """One portal process for the tests of a module: each begins with empty tables."""
    with django_db_blocker.unblock(), running(connection.settings_dict, tmp_path_factory.mktemp("server")) as portal:
        yield portal


@pytest.fixture
def wire(server):
    """`wire(person)`: a socket to the server, closed at the end."""
    opened = []

    def open_wire(person, **options):
        opened.append(Wire(server, person, **options))
        return opened[-1]

    yield open_wire
    for one in opened:
        one.close()
