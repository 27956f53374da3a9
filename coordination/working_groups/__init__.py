"""Working groups: who works together on what, how organizations join, and who leads."""
