"""Certificates: that somebody was at a training, so that others can check it and groups can ask for it."""
