"""docs/adding-a-slice.md, followed to the letter: the slice in it is installed, migrated, served and used."""

import json
import os
import re
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path

import pytest
from django.conf import settings

from tests.live.wire import Wire
from tests.services.server import ROOT, running

DOCUMENT = ROOT / "docs/adding-a-slice.md"
BLOCK = re.compile(r"^```python title=(\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SLICE = "coordination/notices/"
TOKEN = "t" * 32

# the portal's own settings, addresses and registry with what the document adds to each
SETTINGS = """
from pathlib import Path

import coordination

coordination.__path__.append(str(Path(__file__).parent / "coordination"))
from portal.config.settings import *

{block}
INSTALLED_APPS += ["documented"]
ROOT_URLCONF = "documented.urls"
"""
URLS = """
from portal.config.urls import *
from portal.config.urls import API

{block}
"""
APPS = """
from django.apps import AppConfig


class DocumentedConfig(AppConfig):
    name = "documented"

    def ready(self):
        from documented import registry
"""
PEOPLED = """
import json
import django

django.setup()
from tests import world

world.network(second_factor=False)
agency, house, clinic = (world.organization(name) for name in ("Agency", "House", "Clinic"))
people = [world.person(o, "coordinator", f"Of {o.name}") for o in (agency, house, clinic)]
organizations, sessions = [str(o.pk) for o in (agency, house)], [world.session(p) for p in people]
print(json.dumps({"organizations": organizations, "sessions": sessions}))
"""


def blocks():
    return dict(BLOCK.findall(DOCUMENT.read_text()))


def written(folder: Path) -> None:
    """The slice, and a settings module that installs it, under this folder."""
    found = blocks()
    documented = folder / "documented"
    files = {folder / name: text for name, text in found.items() if name.startswith(SLICE)}
    files |= {
        folder / "documented_settings.py": SETTINGS.format(block=found["portal/config/settings.py"]),
        documented / "__init__.py": "",
        documented / "apps.py": APPS,
        documented / "registry.py": found["portal/config/registry.py"],
        documented / "urls.py": URLS.format(block=found["portal/config/urls.py"]),
        folder / SLICE / "migrations/__init__.py": "",
    }
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """(the folder, its environment, who is in it): a portal with the slice, on a database of its own."""
    folder = tmp_path_factory.mktemp("documented")
    written(folder)
    environment = {
        "DJANGO_SETTINGS_MODULE": "documented_settings",
        "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)]),
        "CONCORD_DATA": str(folder / "data"),
        "DATABASE_URL": f"sqlite:///{folder / 'documented.sqlite3'}",
        "REDIS_URL": "",
    }

    def run(*words):
        done = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("-m", "portal", "makemigrations", "notices")
    run("-m", "portal", "migrate", "--verbosity=0")
    people = json.loads(run("-c", PEOPLED).splitlines()[-1])
    return folder, environment, people


@pytest.fixture(scope="module")
def portal(house):
    folder, environment, _ = house
    database = {"ENGINE": "sqlite3", "NAME": folder / "documented.sqlite3"}
    with running(database, folder, **environment) as server:
        yield server


def call(server, session, path, body=None):
    """(status, answer)"""
    cookies = f"{settings.SESSION_COOKIE_NAME}={session}; csrftoken={TOKEN}"
    headers = {"Cookie": cookies, "X-CSRFToken": TOKEN, "Origin": server.origin, "Content-Type": "application/json"}
    wire = HTTPConnection("localhost", server.port, timeout=20)
    wire.request(
        "GET" if body is None else "POST", f"/api/{path}", json.dumps(body) if body is not None else None, headers
    )
    answer = wire.getresponse()
    said = json.loads(answer.read())
    wire.close()
    return answer.status, said


def test_the_document_names_every_file_of_the_slice():
    named = {Path(name).name for name in blocks() if name.startswith(SLICE)}
    assert named == {"__init__.py", "apps.py", "models.py", "policy.py", "services.py", "changes.py", "api.py"}


def test_the_slice_is_no_part_of_the_product():
    assert not (ROOT / SLICE).exists()


def test_its_code_is_written_in_the_house_style(house):
    folder, _, _ = house
    files = [str(path) for path in (folder / SLICE).glob("*.py")]
    for check in (["format", "--check"], ["check", "--ignore=I"]):  # in a folder of its own nothing is first-party
        ruff = [str(Path(sys.executable).parent / "ruff"), *check, "--config", str(ROOT / "pyproject.toml")]
        done = subprocess.run([*ruff, *files], capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr


def test_what_one_posts_another_reads_and_nobody_else(house, portal):
    _, _, people = house
    (agency, named), (poster, reader, outsider) = people["organizations"], people["sessions"]
    screen = Wire(portal, None, session=reader)
    screen.hello()
    stranger = Wire(portal, None, session=outsider)
    stranger.hello()

    form = {"acting_for": agency, "text": "The road is closed.", "organizations": [named]}
    status, posted = call(portal, poster, "v1/notices", form)
    assert (status, posted["mine"]["allowed"]) == (201, ["withdraw"])
    notice = posted["result"]["id"]

    shown = screen.item(lambda i: i["kind"] == "notice")
    assert (shown["op"], shown["data"]["text"]) == ("put", "The road is closed.")
    status, listed = call(portal, reader, "v1/notices")
    assert [n["id"] for n in listed["results"]] == [notice]
    assert listed["mine"][notice]["allowed"] == []
    assert call(portal, reader, f"v1/notices/{notice}/withdraw", {})[0] == 403

    assert call(portal, outsider, "v1/notices") == (200, {"results": [], "mine": {}, "next": None})
    hidden = call(portal, outsider, f"v1/notices/{notice}")
    absent = call(portal, outsider, "v1/notices/00000000-0000-7000-8000-000000000000")
    assert hidden == absent
    assert hidden[0] == 404

    assert call(portal, poster, f"v1/notices/{notice}/withdraw", {})[1]["result"]["withdrawn"] is True
    assert screen.item(lambda i: i["version"] == 2)["data"]["text"] == ""
    stranger.quiet()
    assert not [i for i in stranger.items if i["kind"] == "notice"]
    screen.close()
    stranger.close()


def test_a_form_that_is_wrong_says_how(house, portal):
    _, _, people = house
    form = {"acting_for": people["organizations"][0], "text": "x", "organizations": []}
    status, problem = call(portal, people["sessions"][0], "v1/notices", form)
    assert (status, problem["errors"][0]["code"]) == (422, "nobody")


def test_it_has_its_place_in_the_document(house, portal):
    _, document = call(portal, "", "openapi.json")
    assert {"get", "post"} <= document["paths"]["/api/v1/notices"].keys()
    assert "post" in document["paths"]["/api/v1/notices/{id}/withdraw"]
    assert document["components"]["schemas"]["Notice"]["properties"]["text"] == {"type": "string"}
