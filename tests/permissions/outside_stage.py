"""What a stranger asked, on the stage: for the network's administrators alone."""

from typing import Any

from portal.organizations import services as organizations
from tests import outside

OUTSIDE = "outside application"


def about_outside(stage: Any) -> None:
    stage.from_outside = outside.apply(f"[{OUTSIDE} name]", f"[{OUTSIDE} words]")
    stage.put(OUTSIDE, id=stage.from_outside)


def close_outside(stage: Any) -> None:
    chief = stage.alone("network.administrator")
    organizations.decline_application(chief, stage.from_outside, f"[{OUTSIDE} reason]")
