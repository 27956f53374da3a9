"""Every way a call can be refused. One code, one status, one title; exported to the clients.

Services raise these; `portal.api` renders them as RFC 9457 problem+json and the websocket as an
`error` frame. What a person may not see raises the same `NotFound` as what does not exist.
"""

from dataclasses import dataclass
from typing import Any

# code: (HTTP status, title)
CODES: dict[str, tuple[int, str]] = {
    # who is asking
    "not_authenticated": (401, "Sign in first."),
    "session_locked": (401, "This session is locked. Say who you are to go on."),
    "not_allowed": (403, "You may see this, but not do that."),
    "mfa_required": (403, "This network asks for a second factor."),
    "proof_required": (403, "Say first who you are."),
    "csrf_failed": (403, "The page is out of date. Reload it and try again."),
    "foreign_origin": (403, "This address may not connect."),
    "not_found": (404, "There is nothing here that you may see."),
    "method_not_allowed": (405, "This cannot be done here."),
    "not_acceptable": (406, "Only JSON is spoken here."),
    # the form of the request
    "malformed": (400, "The request could not be read."),
    "unknown_frame": (400, "This frame is not part of the protocol."),
    "too_large": (413, "This is too large."),
    "unsupported_media_type": (415, "Send JSON."),
    "invalid": (422, "Something in the form needs mending."),
    "if_match_required": (428, "Say which version you edited (If-Match)."),
    "version_mismatch": (412, "Somebody changed this meanwhile."),
    "rate_limited": (429, "Too many tries. Wait a little."),
    # the state of things
    "wrong_state": (409, "This is no longer possible."),
    "already_decided": (409, "Somebody has already decided this."),
    "already_member": (409, "All of these people are members already."),
    "already_asked": (409, "Your organization has already asked to join."),
    "invitation_waits": (409, "This organization has an invitation to this group already."),
    "applications_wait": (409, "Some organizations wait for an answer. Decide their applications first."),
    "other_way_of_joining": (409, "One joins this group in another way."),
    "rule_changed": (409, "The rule was changed meanwhile. Read it again."),
    "rule_waits": (409, "These people have been asked to accept the group's rule already."),
    "already_verified": (409, "This organization is verified already."),
    "already_invited": (409, "This address has already been invited."),
    "not_verified": (409, "This organization is not verified."),
    "agreement_lapsed": (
        409,
        "The agreement of this organization has lapsed. Nothing is written for it until it is renewed.",
    ),
    "agreement_missing": (409, "This network asks for an agreement first."),
    "not_active": (409, "This organization is not active at present."),
    "responsibilities_remain": (
        409,
        "Say who takes over what they see to. It may have changed meanwhile.",
    ),
    "last_lead": (409, "A group needs a lead. Name another one first."),
    "last_administrator": (409, "An organization needs an administrator. Name another one first."),
    "last_network_administrator": (409, "A network needs an administrator. Name another one first."),
    "archived": (409, "This is archived: it can be read, and no longer changed."),
    "last_moderator": (409, "A channel needs a moderator. Name another one first."),
    "too_many_pins": (409, "No more messages can be pinned here. Take one down first."),
    "no_place_left": (409, "The last place was taken meanwhile."),
    "no_longer_open": (409, "This is no longer open."),
    "not_enough_left": (409, "Not as much as this is left."),
    "swap_waits": (409, "One of these shifts is in a proposal to swap that waits for an answer."),
    "too_many_feeds": (409, "You have ten calendar addresses. End one of them first."),
    "already_registered": (409, "All of these people are registered already."),
    "shifts_changed": (409, "One of these shifts has changed or begun since it was asked for. Nothing was swapped."),
    "already_pledged": (409, "There is a pledge between these two already."),
    "idempotency_key_reused": (409, "This idempotency key was used for something else."),
    "message_id_reused": (409, "This message id was used for another text."),
    "invitation_used": (409, "This invitation was used or withdrawn."),
    "wrong_account": (409, "This invitation is for another e-mail address."),
    # the service itself
    "unavailable": (503, "The service is not available. Try again shortly."),
    "storage_full": (507, "There is no space to store this."),
    "internal": (500, "Something went wrong on our side."),
}

# codes of one field's fault
FIELD_CODES = (
    "required",
    "null",
    "blank",
    "unknown_field",
    "wrong_type",
    "too_long",
    "too_short",
    "too_low",
    "too_high",
    "not_a_choice",
    "not_a_date",
    "in_the_past",
    "too_far",
    "wrong_order",
    "nobody",
    "nobody_on_call",
    "not_verified",
    "agreement_lapsed",
    "not_yours",
    "not_a_member",
    "not_a_coordinator",
    "does_not_exist",
    "duplicate",
    "invalid",
    "already_used",
    "overlaps",
    "too_little_rest",
    "too_common",
    "too_similar",
    "no_such_hour",
    "not_a_link",
    "not_invited",
    "not_a_training",
    "no_certificate",
    "not_in_parent",
    "parent_unlisted",
    "subgroups_listed",
    "not_for_everyone",
    "not_for_organizations",
    "rule_malformed",
    "rule_not_supported",
    "rule_never_ends",
    "rule_never_occurs",
    "rule_misses_start",
    "rule_too_many",
    "rule_too_long",
)


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field: its dotted path, a code of FIELD_CODES, and the mend in words."""

    field: str
    code: str
    message: str


class Problem(Exception):
    """A refusal with a code of CODES, optionally the faulty fields and the object as it is now.

    `obj` is that object where it has yet to take shape.
    """

    def __init__(
        self,
        code: str,
        detail: str = "",
        *,
        errors: list[FieldError] | None = None,
        current: Any = None,
        obj: Any = None,
        retry_after: int | None = None,
    ) -> None:
        self.code = code
        self.status, self.title = CODES[code]
        self.detail = detail
        self.errors = errors or []
        self.current = current
        self.obj = obj
        self.retry_after = retry_after
        super().__init__(code)

    def as_dict(self) -> dict[str, Any]:
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "code": self.code,
            "errors": [{"field": e.field, "code": e.code, "message": e.message} for e in self.errors],
        }
        if self.detail:
            body["detail"] = self.detail
        if self.current is not None:
            body["current"] = self.current
        return body


class NotFound(Problem):
    """Absent, or not shared with the person asking: the two are never told apart."""

    def __init__(self) -> None:
        super().__init__("not_found")


class NotAllowed(Problem):
    """Visible to the person, but this verb is not theirs."""

    def __init__(self) -> None:
        super().__init__("not_allowed")


class Conflict(Problem):
    """The state of things does not permit it (409)."""


class VersionMismatch(Problem):
    """The caller edited an older version (412); the answer carries the object as it is now."""

    def __init__(self, obj: Any) -> None:
        super().__init__("version_mismatch", obj=obj)


class Invalid(Problem):
    """The form is wrong (422): `Invalid("places", "too_low", "At least one place.")`."""

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__("invalid", errors=[FieldError(field, code, message)])
