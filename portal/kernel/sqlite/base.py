"""Django's SQLite backend with one write lock for the whole process.

SQLite admits one writer at a time and its busy handler is unfair: a writer can starve for
seconds. Every transaction here begins IMMEDIATE, so taking the lock at BEGIN lets the writers of this
process take turns. It sits in the backend so that sessions and libraries take it too.
"""

import threading
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.backends.sqlite3.base import SQLiteCursorWrapper

WRITE_LOCK = threading.Lock()
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE")


class LockingCursor(SQLiteCursorWrapper):
    def execute(self, query: str, params: Any = None) -> Any:
        wrapper: DatabaseWrapper | None = getattr(self.connection, "wrapper", None)
        if wrapper is None or wrapper.holds_write_lock or not query.lstrip().upper().startswith(WRITES):
            return super().execute(query, params)
        with WRITE_LOCK:
            return super().execute(query, params)

    def executemany(self, query: str, param_list: Any) -> Any:
        wrapper: DatabaseWrapper | None = getattr(self.connection, "wrapper", None)
        if wrapper is None or wrapper.holds_write_lock:
            return super().executemany(query, param_list)
        with WRITE_LOCK:
            return super().executemany(query, param_list)


class Connection(base.Database.Connection):  # type: ignore[name-defined]
    """A plain sqlite3 connection that knows the wrapper it belongs to."""

    wrapper: "DatabaseWrapper | None" = None


class DatabaseWrapper(base.DatabaseWrapper):
    holds_write_lock = False

    def get_connection_params(self) -> dict[str, Any]:
        return {**super().get_connection_params(), "factory": Connection}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        connection = super().get_new_connection(conn_params)
        connection.wrapper = self
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        return self.connection.cursor(factory=LockingCursor)

    def _start_transaction_under_autocommit(self) -> None:
        self._take()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            self._release()
            raise

    def _set_autocommit(self, autocommit: bool) -> None:
        super()._set_autocommit(autocommit)  # type: ignore[misc]
        if autocommit:
            self._release()

    def _close(self) -> None:
        super()._close()  # type: ignore[misc]
        self._release()

    def _take(self) -> None:
        WRITE_LOCK.acquire()
        self.holds_write_lock = True

    def _release(self) -> None:
        if self.holds_write_lock:
            self.holds_write_lock = False
            WRITE_LOCK.release()
