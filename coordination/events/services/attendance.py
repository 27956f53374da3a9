"""What follows from somebody's having been there."""

from collections.abc import Callable

from coordination.events.models import Registration
from portal.kernel.writing import Writing

# inside the write that says so, with the registration and its event as they then are
ATTENDED: list[Callable[[Writing, Registration], None]] = []


def follow_attendance(w: Writing, registration: Registration) -> None:
    for follow in ATTENDED:
        follow(w, registration)
