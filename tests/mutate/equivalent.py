"""Breaks that no test can notice, because nothing that anybody may or sees is different: each with its reason."""

FASTER = "only saves reading it again"
LESS = "only reads fewer rows: what is asked for is chosen from them afterwards"
REACHED = "whoever was let into what it lies in sees it"
EQUIVALENT: dict[str, str] = {
    "portal/kernel/policy.py Policy.allowed: if self.needs → True": "Django then follows every foreign key: slower",
    "portal/kernel/policy.py Policy.allowed: if self.needs → False": "each foreign key is then read by itself: slower",
    "portal/kernel/standing.py standing: if fresh → True": FASTER,
    "portal/kernel/standing.py standing: "
    "if cached and (cached.until is None or cached.until > clock.now()) → False": FASTER,
    "messaging/queries.py channel_member: CHANNEL_MEMBERS.visible → everything": REACHED,
    "messaging/queries.py began: without .filter(pk__in=channels)": LESS,
    "messaging/queries.py mentioned_since_mark: without .filter(message__position__gt=F('read_to'))": LESS,
    "messaging/queries.py moderator_pairs: without .filter(group__in=audiences)": LESS,
    "messaging/queries.py names_of_audiences: without .filter(audience__in=audiences)": LESS,
    "messaging/queries.py names_of_audiences: without .filter(moderators__in=audiences)": LESS,
}
