"""Tasks: what those in a request's own channel have agreed to do, by whom and by when."""
