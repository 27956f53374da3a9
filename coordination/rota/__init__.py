"""The rota: who of an organization's people is on call, and when."""
