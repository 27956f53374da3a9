"""Waking: a person's devices are told that something waits, and never what, whose or where."""
