"""Breaks that no test can notice, because nothing that anybody may or sees is different: each with its reason."""

FASTER = "only saves reading it again"
LESS = "only reads fewer rows: what is asked for is chosen from them afterwards"
ASKED_AGAIN = "the write asks again, and answers the same"
RERUN = "is looked for again, and found as it was"
SIGNED_IN = "who is signed in has a session with its row"
REACHED = "whoever was let into what it lies in sees it"
EQUIVALENT: dict[str, str] = {
    "portal/kernel/policy.py Policy.open_to: if self.needs → True": "Django then follows every foreign key: slower",
    "portal/kernel/policy.py Policy.open_to: if self.needs → False": "each foreign key is then read by itself: slower",
    "portal/kernel/policy.py Policy.allowed: if who.read_only → True": "asks the same once more: slower",
    "portal/kernel/policy.py Policy.decide: without who.read_only": "asks the same once more: slower",
    "portal/kernel/standing.py standing: if fresh → True": FASTER,
    "portal/kernel/standing.py standing: "
    "if cached and (cached.until is None or cached.until > clock.now()) → False": FASTER,
    "portal/kernel/standing.py standing: without cached.until > clock.now()": FASTER,
    "portal/kernel/standing.py standing: if not fresh → False": FASTER,
    "portal/kernel/standing.py overlapping: without .filter(user__in=list(beside))": LESS,
    "portal/kernel/standing.py present: if not people → False": FASTER,
    "messaging/candidates.py works_for: without .filter(members__in=everywhere)": LESS,
    "messaging/queries.py channel_member: CHANNEL_MEMBERS.visible → everything": REACHED,
    "messaging/queries.py began: without .filter(pk__in=channels)": LESS,
    "messaging/queries.py mentioned_since_mark: without .filter(message__position__gt=F('read_to'))": LESS,
    "messaging/queries.py moderator_pairs: without .filter(group__in=audiences)": LESS,
    "messaging/queries.py names_of_audiences: without .filter(audience__in=audiences)": LESS,
    "messaging/queries.py names_of_audiences: without .filter(moderators__in=audiences)": LESS,
    "coordination/requests/queries.py answer: ANSWERS.visible → everything": ASKED_AGAIN,
    "coordination/requests/queries.py answer_of: ANSWERS.visible → everything": ASKED_AGAIN,
    "coordination/requests/queries.py escalated_among: without .filter(pk__in=[r.pk for r in requests])": LESS,
    "coordination/requests/queries.py names_of_audiences: without .filter(on_call__in=audiences)": LESS,
    "coordination/requests/queries.py names_of_audiences: without .filter(askers__in=audiences)": LESS,
    "coordination/requests/queries.py put_to_those_on_call: without "
    ".filter(on_call__isnull=False, state__in=still, request__state__in=Request.LIVING)": ASKED_AGAIN,
    "coordination/requests/queries.py spoken_of_with: without "
    ".filter(about_kind=Request.kind, audience__group__memberships__user=person)": ASKED_AGAIN,
    "coordination/requests/queries.py spoken_of_with: without "
    ".filter(request=OuterRef('pk'), organization=organization)": ASKED_AGAIN,
    "coordination/requests/queries.py spoken_of_with: without .filter(Q(owner=organization) | Exists(answers))": (
        ASKED_AGAIN
    ),
    "coordination/requests/queries.py spoken_of_with: without .filter(pk__in=channels.values('about'))": ASKED_AGAIN,
    "coordination/requests/services/answers.py redirect_request: without "
    "REQUESTS.require(actor.person, 'redirect', request)": "who coordinates an organization asked by name may",
    "coordination/resources/queries.py coordinated_by: without .filter(user=person)": RERUN,
    "coordination/resources/queries.py coordinated_by: without .filter(owner__coordinators__in=inside)": RERUN,
    "coordination/resources/queries.py gone_stale: without "
    ".filter(stale, state=Offer.State.OPEN, reminded_at__isnull=True)": ASKED_AGAIN,
    "coordination/working_groups/queries.py join_application: JOIN_APPLICATIONS.visible → everything": ASKED_AGAIN,
    "coordination/working_groups/queries.py group_invitation: GROUP_INVITATIONS.visible → everything": ASKED_AGAIN,
    "coordination/working_groups/queries.py rule_acceptance: RULE_ACCEPTANCES.visible → everything": ASKED_AGAIN,
    "coordination/working_groups/queries.py lead_pairs: without .filter(group__in=audiences)": LESS,
    "coordination/working_groups/queries.py names_of_audiences: without .filter(members__in=audiences)": LESS,
    "coordination/working_groups/queries.py names_of_audiences: without .filter(leads__in=audiences)": LESS,
    "coordination/working_groups/services/groups.py reopen_working_group: without w.demand(group, 'reopen')": (
        "its channels are not archived either, and refuse it"
    ),
    "coordination/requests/services/calls.py stand_aside: without confirm(w, takes_back=True)": (
        "who is on call speaks for it"
    ),
    "coordination/working_groups/services/joining.py apply_to_join: without "
    "WORKING_GROUPS.require(actor.person, 'apply', group)": "all who act for a verified organization see such a group",
    "coordination/working_groups/services/joining.py join_open_group: without "
    "WORKING_GROUPS.require(actor.person, 'join', group)": "all who act for a verified organization see an open group",
    "portal/organizations/queries.py organization: ORGANIZATIONS.visible → everything": ASKED_AGAIN,
    "portal/organizations/queries.py by_members_audience: without .filter(members__in=audiences)": LESS,
    "portal/organizations/queries.py names_of_audiences: without "
    ".filter(Q(members__in=audiences) | Q(coordinators__in=audiences) | Q(administrators__in=audienc…)": LESS,
    "portal/organizations/queries.py refs_for: without "
    ".filter(user__in=known, group__audience__organization__in={o for _, o in pairs if o})": LESS,
    "portal/organizations/responsibilities.py gathered: without .filter(pk__in=list(prospects))": LESS,
    "coordination/calendars/queries.py entries: without .filter(occurrence__in=[o.pk for o in occurrences])": LESS,
    "coordination/events/policy.py OccurrencePolicy.open_to: without pk in found": (
        "what is for all of an organization, its coordinators see"
    ),
    "portal/organizations/queries.py tiers: without .filter(members__in={m.group_id for m in members})": LESS,
    "portal/organizations/services/invitations.py accept_invitation_as_new: without "
    "require_open(invitation, clock.now())": ASKED_AGAIN,
    "portal/people/policy.py is_locked: without session.locks_at is not None": SIGNED_IN,
    "portal/kernel/standing.py still_members: without "
    ".filter(user__in={p for p, _ in wanted}, group__in={a for _, a in wanted})": LESS,
    "portal/kernel/policy.py PartPolicy.audiences: without .filter(pk__in=set(wholes.values()))": LESS,
    "portal/kernel/standing.py audiences_by_id: without .filter(pk__in=ids)": LESS,
    "coordination/events/policy.py RegistrationPolicy.verbs: if who.person == registration.person_id or "
    "who.within(registration.organization.coordinato… → True": "whoever sees it may",
    "coordination/events/policy.py registering: without .filter(pk__in=set(events.values()))": LESS,
    "coordination/events/queries.py clashes: OCCURRENCES.visible → everything": "whoever comes to a date sees it",
    "coordination/events/queries.py clashes: SHIFTS.visible → everything": "whoever has a shift sees it",
    "portal/api/authentication.py SignedIn.has_permission: without request.user": "a user is somebody or AnonymousUser",
    "portal/live/visitor.py visitor: without session.session_key is None": SIGNED_IN,
    "portal/live/visitor.py visitor: without session.expires is None": SIGNED_IN,
    "portal/live/hub.py Hub.pass_on: if follows and (last is None or last.epoch == one.audience.epoch) → False": FASTER,
    "portal/live/hub.py Hub.pass_on: without last.epoch == one.audience.epoch": FASTER,
    "portal/live/hub.py Hub.pass_on: without last is None or last.epoch == one.audience.epoch": (
        "all of it then goes out at its last epoch: who was in at an earlier one is asked about again, as for the log"
    ),
    "portal/live/hub.py Hub.send_round: "
    "if stand.epoch == batch.epoch and stand.cursor == batch.after and batch.reaches → False": (
        "each socket then reads the same from the log: slower"
    ),
    "portal/live/log.py ended: without .filter(membership__group__in=audiences, expires_at__lte=clock.now())": (
        "whoever it names is only asked about again: who may stays"
    ),
}
