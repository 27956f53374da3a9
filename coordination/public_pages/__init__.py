"""What anybody may read: what the network is, how to get help, public events. Nothing else of the portal is in it."""
