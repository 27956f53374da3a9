"""Unmet need: requests that ended without the help that they asked for, in numbers."""
