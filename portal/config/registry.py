"""What the slices announce, gathered in one place: kinds, background work, commands of the socket; what begins with
somebody's coming, and ends with a session, with a suspension, with somebody's leaving, with a shift that changes
hands, with a channel; what follows a date; what follows from somebody's having been there, and who can show it."""


def fill() -> None:
    import coordination.calendars.jobs
    import coordination.calendars.services
    import coordination.certificates.changes
    import coordination.certificates.queries
    import coordination.certificates.services
    import coordination.events.changes
    import coordination.events.responsibilities
    import coordination.events.services
    import coordination.events.services.dates
    import coordination.requests.changes
    import coordination.requests.jobs
    import coordination.requests.responsibilities
    import coordination.requests.services
    import coordination.resources.changes
    import coordination.resources.jobs
    import coordination.resources.responsibilities
    import coordination.resources.services
    import coordination.rota.changes
    import coordination.rota.responsibilities
    import coordination.rota.services
    import coordination.stands_for.services
    import coordination.tasks.changes
    import coordination.tasks.responsibilities
    import coordination.tasks.services
    import coordination.working_groups.changes
    import coordination.working_groups.jobs
    import coordination.working_groups.responsibilities
    import coordination.working_groups.seats
    import coordination.working_groups.services
    import messaging.changes
    import messaging.jobs
    import messaging.live
    import messaging.responsibilities
    import messaging.services
    import portal.api.jobs
    import portal.notify.jobs
    import portal.notify.services
    import portal.organizations.changes
    import portal.organizations.jobs
    import portal.organizations.responsibilities
    import portal.organizations.services
    import portal.people.jobs
    import portal.people.services
    from coordination.requests.queries import names_of_audiences as names_of_requests
    from coordination.working_groups.queries import names_of_audiences as names_of_groups
    from messaging.queries import names_of_audiences as names_of_channels
    from portal.api import schema
    from portal.kernel import audiences, kinds, memberships
    from portal.live import commands, protocol
    from portal.organizations.queries import names_of_audiences as names_of_organizations

    for slice_changes in (
        portal.organizations.changes,
        coordination.working_groups.changes,
        coordination.requests.changes,
        coordination.resources.changes,
        coordination.events.changes,
        coordination.certificates.changes,
        coordination.rota.changes,
        coordination.tasks.changes,
        messaging.changes,
    ):
        kinds.announce(slice_changes.KINDS)
    audiences.NAMERS += [names_of_organizations, names_of_groups, names_of_channels, names_of_requests]
    schema.describe(protocol.FRAMES)
    commands.register(messaging.live.COMMANDS)
    portal.organizations.services.ENDINGS += [
        coordination.requests.services.end_for_suspended,
        coordination.resources.services.end_for_suspended,
        coordination.rota.services.end_for_suspended,
        coordination.events.services.end_for_suspended,
        coordination.working_groups.services.end_for_suspended,
        messaging.services.end_for_suspended,
    ]
    portal.people.services.SESSION_ENDINGS += [portal.notify.services.end_with_sessions]
    portal.people.services.CLOSINGS += [
        portal.notify.services.forget_person,
        coordination.calendars.services.forget_person,
    ]
    memberships.BEGINNINGS += [coordination.resources.services.match_for_newcomer]
    memberships.ENDINGS += [
        coordination.tasks.services.free_tasks,
        coordination.rota.services.end_for_resigned,
        coordination.events.services.end_for_unseated,
        coordination.calendars.services.end_for_unseated,
        coordination.working_groups.services.end_in_subgroups,
    ]
    coordination.events.services.ATTENDED += [coordination.certificates.services.follow_attendance]
    coordination.working_groups.seats.HOLDERS += [coordination.certificates.queries.holders]
    coordination.events.services.dates.FOLLOWINGS += [coordination.calendars.services.follow_dates]
    messaging.services.PURGES += [coordination.tasks.services.purge_tasks]
    for slice_responsibilities in (
        coordination.requests.responsibilities,
        coordination.rota.responsibilities,
        coordination.events.responsibilities,
        coordination.resources.responsibilities,
        coordination.tasks.responsibilities,
        coordination.working_groups.responsibilities,
        messaging.responsibilities,
    ):
        portal.organizations.responsibilities.KINDS += slice_responsibilities.RESPONSIBILITIES
    portal.organizations.services.DEPARTURES += [
        coordination.rota.services.end_for_departed,
        coordination.requests.services.end_for_departed,
        coordination.working_groups.services.end_for_departed,
        messaging.services.end_for_departed,
    ]
    coordination.rota.services.RELIEFS += [
        coordination.requests.services.end_with_shift,
        coordination.requests.services.pass_on_with_shift,
    ]
