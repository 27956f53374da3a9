"""What task forces do together: one folder for each slice."""
