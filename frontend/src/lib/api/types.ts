/**
 * The shapes of the portal's API, drawn from its OpenAPI document (`npm run types`), with closed
 * sets of words named where the document says only "string". Screens import types from here only.
 */
import type { components } from './schema.gen.ts';

type Schemas = components['schemas'];
type Narrow<Wide, Closer extends Partial<Record<keyof Wide, unknown>>> = Omit<
  Wide,
  keyof Closer
> &
  Closer;

export type Id = string;
/** ISO 8601, UTC. */
export type Instant = string;

export type Named = Schemas['OrganizationRef'];
export type PersonNamed = Schemas['PersonRef'];

export interface Versioned {
  id: Id;
  version: number;
}

/** What differs per person about an object: which buttons to show. */
export type Mine = Schemas['Mine'];

export interface Listed<Obj, M extends Mine = Mine> {
  results: Obj[];
  mine: Record<Id, M>;
  next: string | null;
}

export interface Detailed<Obj, M extends Mine = Mine> {
  result: Obj;
  mine: M;
}

export type ProblemBody = Schemas['Problem'];

export type Session = Schemas['Session'];
export type MyOrganization = Schemas['MyOrganization'];
export type NetworkInfo = Schemas['NetworkInfo'];
export type InvitationOffer = Schemas['Invited'];

export type Organization = Schemas['Organization'];
export type OrganizationKind = Organization['kind'];
export type OrganizationMember = Schemas['OrganizationMember'];
export type Tier = OrganizationMember['tier'];
/** What somebody sees to for an organization, and who may take it over. */
export type Responsibility = Schemas['Responsibility'];
export type Responsibilities = Schemas['Responsibilities'];
export type Invitation = Schemas['Invitation'];
export type Suspension = Schemas['Suspension'];
/** What an organization and the network agreed on: for the administrators of both. */
export type Agreement = Schemas['Agreement'];
export type AgreementForm = Schemas['AgreementForm'];
/** A stranger asks for an organization to be let in: for the network's administrators. */
export type Application = Schemas['Application'];

export const organizationKinds: readonly OrganizationKind[] = [
  'law_enforcement',
  'prosecutor_court',
  'central_government',
  'local_government',
  'tribal_government',
  'child_protection',
  'immigration_service',
  'ngo_service_provider',
  'shelter_operator',
  'survivor_led',
  'community_group',
  'faith_based',
  'health_provider',
  'legal_provider',
  'school_university',
  'business',
  'hotline',
  'international_org',
  'funder_observer',
];

export type GroupKind = Schemas['WorkingGroupForm']['kind'];

export const groupKinds: readonly GroupKind[] = [
  'steering',
  'victim_services',
  'law_enforcement_prosecution',
  'legal_services',
  'health_mental_health',
  'housing',
  'training',
  'outreach_awareness',
  'prevention_education',
  'business_supply_chain',
  'policy',
  'data_evaluation',
  'survivor_advisory',
  'staff_wellbeing',
  'rapid_response',
  'regional',
];

export type Joining = Schemas['WorkingGroupForm']['joining'];
export const waysToJoin: readonly Joining[] = ['open', 'request', 'invitation', 'unlisted'];

export type WorkingGroup = Narrow<
  Schemas['WorkingGroup'],
  { kind: GroupKind; joining: Joining }
>;
export type WorkingGroupMine = Schemas['WorkingGroupMine'];
export type GroupMember = Schemas['GroupMember'];
export type JoinApplication = Narrow<
  Schemas['JoinApplication'],
  { state: 'pending' | 'accepted' | 'declined' | 'withdrawn' }
>;

/** What somebody who may not see a group is told of it. */
export type GroupTold = Narrow<Schemas['GroupTold'], { kind: GroupKind }>;
export type GroupInvitation = Narrow<
  Schemas['GroupInvitation'],
  { working_group: GroupTold; state: 'pending' | 'accepted' | 'declined' | 'withdrawn' }
>;
export type RuleAcceptance = Narrow<
  Schemas['RuleAcceptance'],
  { working_group: GroupTold; state: 'asked' | 'accepted' | 'declined' | 'withdrawn' }
>;
/** A line of what happened in a group. */
export type GroupEntry = Schemas['GroupEntry'];

/** An audience in words: who can see something, and how many they are. */
export type AudienceRef = Schemas['AudienceRef'];
/** `others`: it is also shared with audiences this person does not belong to. */
export type SeenBy = Schemas['SeenBy'];

export type RequestForm = Schemas['RequestForm'];
export type RequestKind = RequestForm['kind'];
export type RequestState = 'open' | 'filled' | 'in_progress' | 'done' | 'withdrawn' | 'expired';
export type Outcome = Schemas['OutcomeForm']['outcome'];
export type RolePlaces = Schemas['RolePlaces'];
export type Role = RolePlaces['role'];
export type Slot = Narrow<Schemas['Slot'], { role: Role }>;
export type NoReason = Exclude<Schemas['AnswerForm']['reason'], ''>;

/** How far a request has gone that nobody answers; '' is nowhere. */
export type Step = 'backup' | 'leads' | 'coordinator' | 'network';

export type DetailValue = string | number | boolean | string[] | null;
export type Happening = Schemas['Entry'];

export type CoordinationRequest = Narrow<
  Schemas['Request'],
  {
    kind: RequestKind;
    state: RequestState;
    details: Record<string, DetailValue>;
    slots: Slot[];
    outcome: Outcome | '';
    escalated_to: Step | '';
  }
>;
/** `answering`: ids of my organizations that may answer. `escalated`: nobody does, and it has come to me. */
export type RequestMine = Schemas['RequestMine'];

export type FieldSpec = Schemas['Field'];
export type RequestKindSpec = Narrow<
  Schemas['RequestKind'],
  { kind: RequestKind; reasons: NoReason[]; outcomes: Outcome[]; roles: Role[] }
>;

export type AnswerState =
  'asked' | 'acknowledged' | 'yes' | 'maybe' | 'no' | 'withdrawn' | 'redirected';
export type Answer = Narrow<
  Schemas['Answer'],
  { state: AnswerState; reason: NoReason | ''; takes: RolePlaces[] }
>;

export type UnmetCount = Narrow<Schemas['UnmetCount'], { kind: RequestKind }>;
/** Unmet need of twelve months: of an organization what is missing is 0, of the network it is too small to tell. */
export type UnmetNeed = Narrow<Schemas['UnmetNeed'], { counts: UnmetCount[] }>;

/** What the network's administrators are told of a request that nobody answers. */
export type Escalation = Narrow<Schemas['Escalation'], { request_kind: RequestKind }>;

/** Something to be done for a request, for those in its channel. */
export type Task = Narrow<Schemas['Task'], { request_kind: RequestKind }>;

/** What somebody is on call for; '' is requests of every kind without a shift of its own. */
export type Duty = RequestKind | 'coordination' | '';
export type Shift = Narrow<Schemas['Shift'], { duty: Duty }>;
export type ShiftForm = Schemas['ShiftForm'];
export type SwappedShift = Narrow<Schemas['SwappedShift'], { duty: Duty }>;
/** Somebody asks a colleague to swap two shifts. */
export type Swap = Narrow<Schemas['Swap'], { offered: SwappedShift; wanted: SwappedShift }>;

export type Channel = Schemas['Channel'];
export type ChannelMine = Schemas['ChannelMine'];
export type ChannelMember = Schemas['ChannelMember'];
export type Message = Schemas['Message'];
export type MessageMine = Schemas['MessageMine'];
export type MessageEdit = Schemas['MessageEdit'];

/** What wakes me: on this device or not, and when not. */
export type Waking = Schemas['Waking'];
/** Somebody to invite or to mention, with the organizations they work for. */
export type Candidate = Schemas['Candidate'];
export type Acknowledgement = Schemas['Acknowledgement'];
export type ReadMark = Schemas['ReadMark'];

export type Need = Schemas['Need'];
export type Offer = Schemas['Offer'];
export type ListingMine = Schemas['ListingMine'];
export type SharingForm = Schemas['SharingForm'];
export type Pledge = Schemas['Pledge'];
export type NeedForm = Schemas['NeedForm'];
export type OfferForm = Schemas['OfferForm'];
export type OffersImportForm = Schemas['OffersImportForm'];
export type ImportPreview = Schemas['ImportPreview'];
export type ImportedRow = Schemas['ImportedRow'];
export type PledgeForm = Schemas['PledgeForm'];
export type Suggestion = Schemas['Suggestion'];
export type Reason = Schemas['Reason'];
export type ResourceCategory = Schemas['ResourceCategory'];

/** The kinds of object that travel live, with their shape and what is mine about them. */
/** Something that an organization invites to; each of its dates is an `Occurrence`. */
export type PlannedEvent = Narrow<Schemas['Event'], { event_kind: EventKind }>;
export type EventMine = Schemas['EventMine'];
export type EventForm = Schemas['EventForm'];
export type EventKind = EventForm['kind'];
export type Occurrence = Narrow<Schemas['Occurrence'], { event_kind: EventKind }>;
export type OccurrenceMine = Schemas['OccurrenceMine'];
export type Clash = Schemas['Clash'];
export type Registration = Narrow<
  Schemas['Registration'],
  { news: '' | 'moved_up' | 'moved' | 'cancelled' }
>;
export type WhereaboutsForm = Schemas['WhereaboutsForm'];
export type Whereabouts = Narrow<
  Schemas['Whereabouts'],
  { what: WhereaboutsForm['what']; shown_to: WhereaboutsForm['shown_to'] }
>;
export type Certificate = Schemas['Certificate'];
export type DateChange = Schemas['PatchedDateForm'];
export type FollowingChange = Partial<Schemas['PatchedFollowingForm']>;
export type EventChange = Partial<Schemas['PatchedWordsForm']>;

export const trainings = [
  'professional_training',
  'train_the_trainer',
  'webinar',
  'prevention_education',
] as const satisfies readonly EventKind[];

export const eventKinds: readonly EventKind[] = [
  'plenary_meeting',
  'committee_meeting',
  'professional_training',
  'train_the_trainer',
  'roll_call_briefing',
  'webinar',
  'community_outreach',
  'awareness_campaign',
  'prevention_education',
  'survivor_led_session',
  'resource_fair',
  'tabletop_exercise',
  'operation_briefing',
  'staff_debrief',
];

export interface Kinds {
  organization: { object: Organization; mine: Mine };
  organization_member: { object: OrganizationMember; mine: Mine };
  invitation: { object: Invitation; mine: Mine };
  suspension: { object: Suspension; mine: Mine };
  agreement: { object: Agreement; mine: Mine };
  application: { object: Application; mine: Mine };
  working_group: { object: WorkingGroup; mine: WorkingGroupMine };
  group_member: { object: GroupMember; mine: Mine };
  join_application: { object: JoinApplication; mine: Mine };
  group_invitation: { object: GroupInvitation; mine: Mine };
  rule_acceptance: { object: RuleAcceptance; mine: Mine };
  group_entry: { object: GroupEntry; mine: Mine };
  request: { object: CoordinationRequest; mine: RequestMine };
  answer: { object: Answer; mine: Mine };
  escalation: { object: Escalation; mine: Mine };
  need: { object: Need; mine: ListingMine };
  offer: { object: Offer; mine: ListingMine };
  pledge: { object: Pledge; mine: Mine };
  suggestion: { object: Suggestion; mine: Mine };
  task: { object: Task; mine: Mine };
  shift: { object: Shift; mine: Mine };
  swap: { object: Swap; mine: Mine };
  event: { object: PlannedEvent; mine: EventMine };
  occurrence: { object: Occurrence; mine: OccurrenceMine };
  registration: { object: Registration; mine: Mine };
  whereabouts: { object: Whereabouts; mine: Mine };
  certificate: { object: Certificate; mine: Mine };
  channel: { object: Channel; mine: ChannelMine };
  channel_member: { object: ChannelMember; mine: Mine };
  message: { object: Message; mine: MessageMine };
  acknowledgement: { object: Acknowledgement; mine: Mine };
  read_mark: { object: ReadMark; mine: Mine };
}
export type Kind = keyof Kinds;
export type ObjectOf<K extends Kind> = Kinds[K]['object'];
export type MineOf<K extends Kind> = Kinds[K]['mine'];
