"""Django's database sessions, with columns for what must be known without opening them.

A session ends twelve hours after it was opened, whatever is done in it. A new key (after a change of
the password) makes no new session.
"""

from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

FACTS = ("expire_date", "began_at", "active_at", "locks_at", "method", "browser", "system")


class SessionStore(DatabaseStore):
    """`row` is the session as it was read."""

    row: Any = None

    @property
    def expires(self) -> datetime | None:
        """When it ends; Django's `get_expiry_date` says when a new one would."""
        return self.row.expire_date if self.row else None

    @property
    def locks_at(self) -> datetime | None:
        return self.row.locks_at if self.row else None

    def _validate_session_key(self, key: Any) -> bool:
        """What no key looks like is not asked of the database, which refuses NUL with an error."""
        return bool(key) and key.isalnum() and super()._validate_session_key(key)  # type: ignore[misc]

    @classmethod
    def get_model_class(cls) -> Any:
        from portal.people.models import Session

        return Session

    def _get_session_from_db(self) -> Any:
        self.row = super()._get_session_from_db()  # type: ignore[misc]  # the stubs do not know it
        return self.row

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        session: Any = super().create_model_instance(data)
        session.user_id = data.get(SESSION_KEY)
        if self.row and session.user_id and str(self.row.user_id) == str(session.user_id):
            for fact in FACTS:
                setattr(session, fact, getattr(self.row, fact))
        return session
