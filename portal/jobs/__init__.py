"""Background work: an outbox written in the transaction that asks for it, and a worker that runs it."""
