"""Breaks that no test can notice, because nothing that anybody may or sees is different: each with its reason."""

FASTER = "only saves reading it again"
EQUIVALENT: dict[str, str] = {
    "portal/kernel/policy.py Policy.allowed: if self.needs → True": "Django then follows every foreign key: slower",
    "portal/kernel/policy.py Policy.allowed: if self.needs → False": "each foreign key is then read by itself: slower",
    "portal/kernel/standing.py standing: if fresh → True": FASTER,
    "portal/kernel/standing.py standing: "
    "if cached and (cached.until is None or cached.until > clock.now()) → False": FASTER,
}
