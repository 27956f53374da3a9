"""Django's database sessions, with the person in a column so that all of theirs can be ended at once."""

from datetime import datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore


class SessionStore(DatabaseStore):
    """`expires` is when the session that was read ends; Django's `get_expiry_date` says when a new one would."""

    expires: datetime | None = None

    def _validate_session_key(self, key: Any) -> bool:
        """What no key looks like is not asked of the database, which refuses NUL with an error."""
        return bool(key) and key.isalnum() and super()._validate_session_key(key)  # type: ignore[misc]

    @classmethod
    def get_model_class(cls) -> Any:
        from portal.people.models import Session

        return Session

    def _get_session_from_db(self) -> Any:
        row = super()._get_session_from_db()  # type: ignore[misc]  # the stubs do not know it
        self.expires = row.expire_date if row else None
        return row

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        session: Any = super().create_model_instance(data)
        session.user_id = data.get(SESSION_KEY)
        return session
