"""What a stranger asked, and what was agreed, on the stage: for administrators alone."""

from typing import Any

from portal.organizations import services as organizations
from tests import outside
from tests.organizations.agreed import agreed

OUTSIDE = "outside application"


def about_outside(stage: Any) -> None:
    stage.from_outside = outside.apply(f"[{OUTSIDE} name]", f"[{OUTSIDE} words]")
    stage.put(OUTSIDE, id=stage.from_outside)
    chief, words = stage.alone("network.administrator"), "[agreement words]"
    stage.put("agreement", id=agreed(chief, stage.organization["agency"], role=words, reference=words))


def close_outside(stage: Any) -> None:
    chief = stage.alone("network.administrator")
    organizations.decline_application(chief, stage.from_outside, f"[{OUTSIDE} reason]")
