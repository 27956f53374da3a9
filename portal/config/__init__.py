"""Names everything and registers what the slices announce. Imported by nobody."""
