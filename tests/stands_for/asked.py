from typing import Any

from coordination.requests.models import Request
from coordination.resources.models import Need
from coordination.stands_for import services
from tests.scene import Scene, details


def asked_for(scene: Scene, need: Need, **fields: Any) -> Request:
    """A shelter request of the agency, put to the house for this need."""
    shelter = {"request_kind": "emergency_shelter", "details": details()}
    told: dict[str, Any] = {"organizations": [scene.house], "working_groups": []}
    return services.ask_for_need(scene.acting(scene.mara), need, **{**shelter, **told, **fields})
