"""Coordination requests: who needs what, by when, and who answered."""
