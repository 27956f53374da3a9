"""A request and the need that it stands for."""
