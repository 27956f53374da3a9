"""Breaks that no test can notice, because nothing is different: each with its reason."""

EQUIVALENT: dict[str, str] = {}
