"""People who sign in: accounts, sessions, the second factor, preferences."""
