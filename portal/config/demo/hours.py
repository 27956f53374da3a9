"""When things happen in the demo: before the moment it is made, at hours at which people are awake."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal.config.demo.people import ZONE
from portal.kernel import clock


class Hours:
    def __init__(self) -> None:
        self.now = clock.now()
        self.here = self.now.astimezone(ZoneInfo(ZONE))

    def on(self, days: int, time: str) -> datetime:
        """So many days ago at this time of day, in the network's zone."""
        hour, minute = map(int, time.split(":"))
        return (self.here - timedelta(days=days)).replace(hour=hour, minute=minute, second=0, microsecond=0)

    def ago(self, minutes: int) -> datetime:
        return self.now - timedelta(minutes=minutes)

    def at(self, when: tuple[int, str] | int) -> datetime:
        """(days ago, time of day), or minutes ago."""
        return self.ago(when) if isinstance(when, int) else self.on(*when)

    def said(self, days: int, time: str) -> datetime:
        """As conversations say it: today begins with a minus, and counts minutes."""
        return self.ago(int(time[1:])) if time.startswith("-") else self.on(days, time)

    def passed(self, moment: datetime) -> datetime:
        """What would lie ahead happens now: the demo may be made in the middle of the night."""
        return min(moment, self.now)
