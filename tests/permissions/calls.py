"""What each operation is called with, and what each frame says: complete bodies, so that whoever may succeeds."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.permissions.stage import Ids

NEW_ACCOUNT = {"name": "Nia", "password": "a long enough passphrase", "time_zone": "UTC", "locale": "en"}
PEOPLE = {"people": ["{person}"]}
COME = {"acting_for": "{mine}", "people": ["{me}"]}
ASK = {
    "acting_for": "{mine}",
    "kind": "information_request",
    "details": {"topic": "law", "question": "Which form?"},
    "note": "Soon",
    "places": 1,
    "pick": False,
    "backup": None,
}
PLANNED = {
    "window": "within_a_month",
    "support": ["shelter"],
    "people_expected": "one_or_two",
    "minors_possible": "not_known",
    "languages": [],
    "area": "US-IA-113",
}
LIST = {
    "acting_for": "{mine}",
    "category": "food",
    "unit": "item",
    "area": "US-IA",
    "populations": ["adults"],
    "languages": ["spa"],
    "barriers": ["pets"],
    "note": "Soon",
    "exercise": False,
}
NEED = {**LIST, "urgency": "soon", "quantity": 2}
OFFER = {**LIST, "maximum": 4, "available": 3, "cost": "free", "intake_hours": []}
IMPORT = {"acting_for": OFFER["acting_for"], "offers": [{k: v for k, v in OFFER.items() if k != "acting_for"}]}
FILE = {"file": "category,maximum,unit,state\nfood,4,item,US-IA\n"}
EDIT_LISTING = {"area": "US-IA-113", "populations": [], "languages": [], "barriers": [], "note": "Later"}
WORDS = {"title": "New course", "about": "What it is about", "area": "US-IA-113", "seats": 40}
WHEN = {"zone": "America/Chicago", "minutes": 90, "rule": "FREQ=WEEKLY;COUNT=2"}
EVENT = {
    "acting_for": "{mine}",
    "kind": "webinar",
    **WORDS,
    **WHEN,
    "exercise": False,
    "whereabouts": [{"what": "online", "text": "https://meet.example.org/x", "shown_to": "invited"}],
}
WHY = {"reason": "capacity", "note": "Full"}
GROUP = {
    "acting_for": "{mine}",
    "name": "New group",
    "kind": "training",
    "purpose": "Learning",
    "joining": "unlisted",
    "rule": "Be kind.",
}
CHANNEL = {"name": "New channel", "topic": "Rota", "announcement": False}
MESSAGE = {"body": "Edited words", "mentions": []}
EDITED = {"name": "New name", "description": "Edited", "website": "https://example.org/", "kind": "hotline"}
FOUND = {"name": "New office", "kind": "hotline", "description": "New", "website": ""}
SAY = {"id": "0c25d9a4-8f0e-4c57-9f3c-6f1b8a3f4d21", "body": "New words", "acting_for": "{mine}"}
SEND = {**SAY, "channel": "{channel}"}
DEVICE = {
    "endpoint": "https://web.push.apple.com/kestrel",
    "public_key": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "secret": "BTBZMqHH6r4Tts7J_aSIgg",
    "neutral": True,
    "renew": False,
}


def hours_ahead(hours: int) -> str:
    return (datetime.now(UTC) + timedelta(hours=hours)).isoformat()


def days_ahead(days: int) -> str:
    return f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%d}"


def local_days_ahead(days: int) -> str:
    return f"{datetime.now(UTC) + timedelta(days=days):%Y-%m-%dT%H:%M}"


def left_open(shift: str) -> dict[str, Any]:
    return {"kind": "shift", "id": shift, "successor": None}


# by the operation, or by the operation and what it is about
BODIES: dict[str, Any] = {
    "PATCH /me": {"name": "New name", "time_zone": "UTC", "locale": "en"},
    "PATCH /network": {"agreement_required": True},
    "POST /me/close": {"successors": []},
    "PUT /waking/device": DEVICE,
    "PUT /waking/quiet-hours": {"begins": "22:00", "ends": "07:00"},
    "POST /agreements": {
        "organization": "{organization}",
        "signed_on": "2026-01-02",
        "review_on": days_ahead(300),
        "countersigned_by": "Chair of the steering committee",
        "reference": "Folder 7",
    },
    "POST /applications": {
        **FOUND,
        "contact_role": "Director",
        "contact_email": "office@example.org",
        "why": "To work together",
        "language": "es",
    },
    "POST /applications/{id}/accept": {"name": "New house"},
    "POST /applications/{id}/decline": {"reason": "Not now"},
    "POST /calendar-feeds": {"name": "Phone", "shows": "invited"},
    "PUT /calendar-preferences": {"reminders": "both", "mail": "with_title"},
    "POST /organizations": FOUND,
    "POST /organizations (for another administrator)": {**FOUND, "administrator_email": "first@example.org"},
    "PATCH /organizations/{id}": EDITED,
    "POST /organizations/{id}/suspend": {"reason": "Complaint"},
    "PUT /organizations/{organization}/people/{person}": {"tier": "coordinator"},
    "POST /organizations/{organization}/people/{person}/leave (place)": {"successors": [left_open("{shift}")]},
    "POST /organizations/{organization}/people/{person}/leave (place of owner.member)": {
        "successors": [left_open("{shift_id}"), left_open("{wanted}")]
    },
    "POST /organizations/{organization}/invitations": {"email": "new@example.org", "tier": "member"},
    "POST /invitations/{token}/accept": {},
    "POST /working-groups": GROUP,
    "POST /working-groups (for the owner)": {**GROUP, "acting_for": "{owner}"},
    **{f"POST /working-groups ({about})": {**GROUP, "parent": "{id}"} for about in ("group", "quiet group")},
    "PATCH /working-groups/{id}": {"name": "New name", "kind": "training", "purpose": "Learning", "rule": "Be kind."},
    "POST /working-groups/{id}/accept-rule": {"rule_version": 1},
    "POST /working-groups/{id}/join": COME,
    "POST /working-groups/{id}/leave": {"successors": []},
    "POST /working-groups/{working_group}/channels": CHANNEL,
    "POST /join-applications": {**COME, "working_group": "{working_group}", "note": "We can help."},
    "POST /join-applications/{id}/decline": {"reason": "Full"},
    "POST /group-invitations": {
        "working_group": "{working_group}",
        "organization": "{organization}",
        "note": "Come to us.",
    },
    "POST /group-invitations/{id}/accept": {"people": ["{me}"]},
    "POST /group-invitations/{id}/decline": {"reason": "Not now"},
    "POST /rule-acceptances/{id}/accept": {"rule_version": 1},
    "POST /rule-acceptances/{id}/decline": {"reason": "Not now"},
    "POST /requests (to an organization)": {**ASK, "organizations": ["{organization}"]},
    "POST /requests (to hidden organization)": {**ASK, "organizations": ["{organization}"]},
    "POST /requests (for the owner)": {**ASK, "acting_for": "{owner}", "organizations": ["{organization}"]},
    "POST /needs/{need_id}/requests": {**ASK, "organizations": ["{organization}"]},
    "POST /requests": {**ASK, "working_groups": ["{working_group}"]},
    **{
        f"POST /requests ({about})": {
            **ASK,
            "kind": "operation_support",
            "details": PLANNED,
            "organizations": ["{organization}"],
        }
        for about in ("to those on call", "to where nobody is on call")
    },
    "PATCH /requests/{id} (operation)": {"details": PLANNED, "note": "Later", "places": 2, "backup": None},
    "PATCH /requests/{id}": {
        "details": {"topic": "data", "question": "How many?"},
        "note": "Later",
        "places": 2,
        "backup": None,
    },
    "POST /requests/{id}/close": {"outcome": "met", "note": "Done"},
    "POST /requests/{id}/notes": {"text": "Still open"},
    "POST /requests/{id}/withdraw": {"reason": "Not needed"},
    "POST /requests/{request_id}/acknowledge": {"acting_for": "{mine}"},
    "PUT /requests/{request_id}/answer": {"acting_for": "{mine}", "answer": "no", "reason": "capacity", "note": "Full"},
    "POST /requests/{request_id}/redirect": {
        "acting_for": "{mine}",
        "organization": "{organization}",
        "reason": "capacity",
        "note": "Ask them",
    },
    "POST /requests/{request_id}/stand-aside": {"acting_for": "{mine}"},
    "POST /requests/{request_id}/answer/withdraw": {"acting_for": "{mine}"},
    **{
        f"POST /{what}{about}": {**listing, **told}
        for what, listing in (("needs", NEED), ("offers", OFFER), ("offers/import", IMPORT))
        for about, told in (
            ("", {"everyone": True}),
            (" (to an organization)", {"organizations": ["{organization}"]}),
            (" (to hidden organization)", {"organizations": ["{organization}"]}),
            (" (for the owner)", {"acting_for": "{owner}", "organizations": ["{organization}"]}),
            (" (group)", {"working_groups": ["{working_group}"]}),
            (" (quiet group)", {"working_groups": ["{working_group}"]}),
        )
    },
    "POST /offers/import/preview": {"acting_for": "{mine}", **FILE},
    "POST /offers/import/preview (for the owner)": {"acting_for": "{owner}", **FILE},
    "PATCH /needs/{id}": {**EDIT_LISTING, "urgency": "planned", "quantity": 9},
    "PATCH /offers/{id}": {**EDIT_LISTING, "cost": "paid", "intake_hours": []},
    **{f"POST /{what}/{{id}}/share": {"organizations": ["{organization}"]} for what in ("needs", "offers")},
    **{f"POST /{what}/{{id}}/unshare": {"shared_with": "{shared_with}"} for what in ("needs", "offers")},
    "POST /offers/{id}/set-capacity": {"available": 1, "maximum": 9},
    "POST /pledges": {"acting_for": "{mine}", "need": "{need}", "offer": "{offer}", "quantity": 1, "note": "Tonight"},
    "POST /pledges/{id}/decline": WHY,
    "POST /pledges/{id}/withdraw": {"note": "Full"},
    "POST /pledges/{id}/fail": WHY,
    **{
        f"POST /events{about}": {**EVENT, "local_start": local_days_ahead(3), **told}
        for about, told in (
            ("", {"everyone": True}),
            (" (to an organization)", {"organizations": ["{organization}"]}),
            (" (to hidden organization)", {"organizations": ["{organization}"]}),
            (" (for the owner)", {"acting_for": "{owner}", "organizations": ["{organization}"]}),
            (" (group)", {"working_groups": ["{working_group}"]}),
            (" (quiet group)", {"working_groups": ["{working_group}"]}),
        )
    },
    "PATCH /events/{id}": WORDS,
    "POST /events/{id}/share": {"organizations": ["{organization}"]},
    "POST /events/{id}/unshare": {"shared_with": "{shared_with}"},
    "POST /events/{event_id}/whereabouts": {"what": "directions", "text": "Upstairs", "shown_to": "invited"},
    "PATCH /whereabouts/{id}": {"text": "https://meet.example.org/y", "shown_to": "invited"},
    "PATCH /occurrences/{id}": {"local_start": local_days_ahead(4), "minutes": 60, "seats": 50},
    "PATCH /occurrences/{id}/following": {**WORDS, **WHEN, "local_start": local_days_ahead(5)},
    "POST /occurrences/{id}/register": {"acting_for": "{mine}"},
    "POST /occurrences/{id}/register-people": {"acting_for": "{mine}", "people": ["{me}"]},
    "POST /registrations/{id}/mark": {"attended": True},
    "POST /requests/{request_id}/tasks": {"what": "Call the venue", "assigned_to": None, "due_at": hours_ahead(48)},
    "PATCH /tasks/{id}": {"what": "Call again", "due_at": None},
    "POST /tasks/{id}/assign": {"person": "{person}"},
    "POST /shifts": {
        "acting_for": "{owner}",
        "person": "{person}",
        "starts_at": hours_ahead(48),
        "ends_at": hours_ahead(56),
        "duty": "interpreter_now",
    },
    "POST /shifts/{shift_id}/swaps": {"wanted": "{wanted}"},
    "POST /shifts/{id}/hand-over": {"person": "{person}"},
    "POST /channels": CHANNEL,
    "POST /channels (with poster)": {**CHANNEL, **PEOPLE},
    "POST /channels (with hidden organization)": {**CHANNEL, "organizations": ["{organization}"]},
    "POST /channels/direct": PEOPLE,
    "PATCH /channels/{id}": CHANNEL,
    "POST /channels/{id}/people": PEOPLE,
    "PUT /channels/{id}/mute": {"muted": True},
    "PUT /channels/{id}/read-mark": {"position": 1},
    "POST /channels/{channel}/messages": SAY,
    **{
        f"{say} (urgent in {where})": {**what, "urgent": True}
        for say, what in (("POST /channels/{channel}/messages", SAY), ("send", SEND))
        for where in ("group channel", "board", "talk")
    },
    "POST /channels/{channel}/messages (mention of expired)": {**SAY, "mentions": ["{mention}"]},
    "POST /channels/{channel}/messages (reply to announcement)": {**SAY, "reply_to": "{reply_to}"},
    "PATCH /channels/{channel}/messages/{id}": MESSAGE,
    # by the socket
    "ping": {},
    "hello": {"cursors": "{cursors}"},
    "send": SEND,
    "send (mention of expired)": {**SEND, "mentions": ["{mention}"]},
    "send (reply to announcement)": {**SEND, "reply_to": "{reply_to}"},
    "seen": {"channel": "{channel}", "position": 1},
}


def body(operation: str, about: str, role: str, values: Ids) -> Any:
    """None for what takes no body."""
    if operation == "POST /invitations/{token}/accept" and role == "stranger":
        return NEW_ACCOUNT
    template = BODIES.get(f"{operation} ({about})", BODIES.get(operation))
    return filled(template, values)


def filled(template: Any, values: Any) -> Any:
    match template:
        case str() if template.startswith("{"):
            return values[template[1:-1]]
        case dict():
            return {key: filled(inner, values) for key, inner in template.items()}
        case list():
            return [filled(inner, values) for inner in template]
    return template
