"""A demo network, played through the services at the moments it happened, so that it obeys every rule it shows."""

from portal.config.demo.people import ADMINISTRATOR, DOMAIN, SHOWN, ZONE
from portal.config.demo.play import PASSWORD, Play, seed, sign_ins

__all__ = ["ADMINISTRATOR", "DOMAIN", "PASSWORD", "SHOWN", "ZONE", "Play", "seed", "sign_ins"]
