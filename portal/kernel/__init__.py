"""Audiences, memberships, grants, policy, change log, audit record. Knows no domain."""
