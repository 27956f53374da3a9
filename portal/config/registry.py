"""What the slices announce, gathered in one place: kinds, background work, commands of the socket."""


def fill() -> None:
    import coordination.requests.changes
    import coordination.requests.jobs
    import coordination.working_groups.changes
    import messaging.changes
    import messaging.live
    import portal.api.jobs
    import portal.organizations.changes
    import portal.organizations.jobs
    import portal.people.jobs
    from coordination.working_groups.queries import names_of_audiences as names_of_groups
    from messaging.queries import names_of_audiences as names_of_channels
    from portal.api import schema
    from portal.kernel import audiences, kinds
    from portal.live import commands, protocol
    from portal.organizations.queries import names_of_audiences as names_of_organizations

    for slice_changes in (
        portal.organizations.changes,
        coordination.working_groups.changes,
        coordination.requests.changes,
        messaging.changes,
    ):
        kinds.announce(slice_changes.KINDS)
    audiences.NAMERS += [names_of_organizations, names_of_groups, names_of_channels]
    schema.describe(protocol.FRAMES)
    commands.register(messaging.live.COMMANDS)
