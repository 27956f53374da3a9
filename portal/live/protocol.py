"""The wire: every frame of the websocket, as typed structs. The web app's types are drawn from here."""

from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

LARGEST_FRAME = 65_536
LONGEST_WAIT = 30 * 24 * 60 * 60


class Frame(msgspec.Struct, tag_field="type", kw_only=True):
    """One JSON text message."""


# from the client


class Hello(Frame, tag="hello", forbid_unknown_fields=True):
    """The first frame, and after a gap: the last change I have of each audience."""

    cursors: dict[UUID, int] = {}


class Send(Frame, tag="send", forbid_unknown_fields=True):
    """A message for a channel; `id` is the client's own and makes sending it again harmless.

    `waited`: for how many seconds it could not be sent. `urgent`: everybody there is to acknowledge it.
    """

    id: UUID
    channel: UUID
    body: str
    acting_for: UUID | None = None
    reply_to: UUID | None = None
    mentions: list[UUID] = []
    waited: Annotated[int, msgspec.Meta(ge=0, le=LONGEST_WAIT)] = 0
    urgent: bool = False


class Seen(Frame, tag="seen", forbid_unknown_fields=True):
    """I have read the channel up to this position."""

    channel: UUID
    position: int


class Ping(Frame, tag="ping", forbid_unknown_fields=True):
    pass


ClientFrame = Hello | Send | Seen | Ping

# from the server


class Welcome(Frame, tag="welcome"):
    """My audiences with the number of their last change."""

    heads: dict[str, int]
    session_expires: str


class Item(msgspec.Struct, kw_only=True):
    """What became of one object. `data` is its shape now, for `put`."""

    op: Literal["put", "unshared", "deleted"]
    kind: str
    subject: UUID
    version: int
    data: Any | UnsetType = UNSET


class Changes(Frame, tag="changes"):
    """All that moved in one audience after `after`, up to `seq`; `more` follows at once."""

    audience: UUID
    after: int
    seq: int
    more: bool
    items: list[Item]


class Granted(Frame, tag="granted"):
    """I am in this audience now."""

    audience: UUID
    head: int


class Revoked(Frame, tag="revoked"):
    """I am no longer in this audience: forget what came by it alone."""

    audience: UUID


class Resync(Frame, tag="resync"):
    """The log no longer reaches back to my cursor: fetch anew, and go on from `head`."""

    audience: UUID
    head: int


class Ack(Frame, tag="ack"):
    """My message is stored at this position."""

    id: UUID
    position: int


class Error(Frame, tag="error"):
    """The frame with this id was refused; `problem` as in the HTTP API."""

    problem: dict[str, Any]
    id: UUID | None = None


class Pong(Frame, tag="pong"):
    pass


FRAMES: tuple[type[Frame], ...] = (
    *(Hello, Send, Seen, Ping),
    *(Welcome, Changes, Granted, Revoked, Resync, Ack, Error, Pong),
)

encode = msgspec.json.Encoder(enc_hook=str).encode
decode = msgspec.json.Decoder(ClientFrame).decode


class Closing:
    """Close codes of our own. Whether a session has ended or locked, `GET /api/v1/session` says."""

    PROTOCOL = 4400
    SESSION_ENDED = 4401
    REFUSED = 4403
    TOO_SLOW = 4408
    GOING_AWAY = 1012
