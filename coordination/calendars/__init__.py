"""What leaves the portal of events: calendars that are subscribed to, single dates, invitations by mail, reminders."""
