"""What every slice's `api.py` stands on: authentication, scoped viewsets, problems, paging, versions."""
