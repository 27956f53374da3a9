"""Organizations: their verification, their people in three tiers, invitations."""
