/** The shapes of the portal's API. Screens import types from here only. */

export type Id = string;
/** ISO 8601, UTC. */
export type Instant = string;

export interface Named {
  id: Id;
  name: string;
}

export interface Versioned {
  id: Id;
  version: number;
}

/** What differs per person about an object: which buttons to show. */
export interface Mine {
  allowed: string[];
}

export interface Listed<Obj, M extends Mine = Mine> {
  results: Obj[];
  mine: Record<Id, M>;
  next: string | null;
}

export interface Detailed<Obj, M extends Mine = Mine> {
  result: Obj;
  mine: M;
}

export type Tier = 'member' | 'coordinator' | 'administrator';
export type OrganizationStatus = 'applied' | 'verified' | 'suspended' | 'left';

export const organizationKinds = [
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
] as const;
export type OrganizationKind = (typeof organizationKinds)[number];

export const groupKinds = [
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
] as const;
export type GroupKind = (typeof groupKinds)[number];

export interface Person extends Named {
  email: string;
  time_zone: string;
  locale: string;
  audience: Id;
}

export interface MyOrganization extends Named {
  kind: OrganizationKind;
  status: OrganizationStatus;
  tier: Tier;
}

export interface Network {
  name: string;
  time_zone: string;
  languages: string[];
  areas: string[];
  second_factor_required: boolean;
  demo: boolean;
}

export interface Session {
  person: Person | null;
  organizations: MyOrganization[];
  network: Network;
  network_roles: ('administrator' | 'auditor')[];
  second_factor: { enrolled: boolean; satisfied: boolean };
  expires_at: Instant | null;
}

export interface InvitationOffer {
  organization: Named;
  tier: Tier;
  email: string;
  expires_at: Instant;
  has_account: boolean;
}

export interface Organization extends Versioned {
  name: string;
  kind: OrganizationKind;
  status: OrganizationStatus;
  description: string;
  website: string;
  people: number;
  applied_at: Instant;
  verified_at: Instant | null;
}

export interface OrganizationMember extends Versioned {
  person: Named;
  organization: Named;
  tier: Tier;
  since: Instant;
}

export interface Invitation extends Versioned {
  organization: Named;
  email: string;
  tier: Tier;
  state: 'pending' | 'accepted' | 'revoked' | 'expired';
  invited_by: Named;
  expires_at: Instant;
}

export interface WorkingGroup extends Versioned {
  name: string;
  kind: GroupKind;
  purpose: string;
  audience: Id;
  channel: Id | null;
  organizations: Named[];
  people: number;
  created_at: Instant;
}

export interface WorkingGroupMine extends Mine {
  member: boolean;
  lead: boolean;
}

export interface GroupMember extends Versioned {
  working_group: Id;
  person: Named;
  organizations: Named[];
  lead: boolean;
  since: Instant;
}

export interface JoinApplication extends Versioned {
  working_group: Named;
  organization: Named;
  people: Named[];
  note: string;
  state: 'pending' | 'accepted' | 'declined' | 'withdrawn';
  reason: string;
  asked_by: Named;
  asked_at: Instant;
  decided_by: Named | null;
  decided_at: Instant | null;
}

export type AudienceKind =
  | 'organization_members'
  | 'organization_coordinators'
  | 'organization_administrators'
  | 'group_members'
  | 'group_leads'
  | 'person'
  | 'everyone'
  | 'network_administrators'
  | 'network_auditors';

/** An audience in words: who can see something, and how many they are. */
export interface AudienceRef extends Named {
  kind: AudienceKind;
  organizations: number;
  people: number;
}

export interface SeenBy {
  audiences: AudienceRef[];
  /** True when the object is also shared with audiences this person does not belong to. */
  others: boolean;
}

export type RequestKind = 'emergency_shelter' | 'interpreter_now' | 'information_request';
export type RequestState = 'open' | 'filled' | 'in_progress' | 'done' | 'withdrawn' | 'expired';
export type Outcome = 'met' | 'partly_met' | 'not_met' | 'no_longer_needed';
export type NoReason =
  | 'capacity'
  | 'eligibility'
  | 'area'
  | 'conflict_of_interest'
  | 'no_agreement'
  | 'no_consent'
  | 'other';

export type DetailValue = string | number | boolean | string[] | null;

export interface Happening {
  at: Instant;
  what:
    | 'posted'
    | 'edited'
    | 'noted'
    | 'filled'
    | 'reopened'
    | 'started'
    | 'closed'
    | 'withdrawn'
    | 'expired';
  organization: Named | null;
  person: Named | null;
  note: string;
}

export interface CoordinationRequest extends Versioned {
  kind: RequestKind;
  owner: Named;
  posted_by: Named;
  details: Record<string, DetailValue>;
  note: string;
  places: number;
  places_taken: number;
  pick: boolean;
  state: RequestState;
  acknowledge_by: Instant | null;
  answer_by: Instant | null;
  outcome: Outcome | null;
  outcome_note: string;
  posted_at: Instant;
  history: Happening[];
}

export interface RequestMine extends Mine, SeenBy {
  /** Ids of my organizations that may answer. */
  answering: Id[];
}

export interface FieldSpec {
  name: string;
  type: 'integer' | 'choice' | 'choices' | 'datetime' | 'text' | 'boolean';
  required: boolean;
  minimum: number | null;
  maximum: number | null;
  maximum_length: number | null;
  choices: string[] | null;
  source: 'languages' | 'areas' | null;
  why: boolean;
}

export interface RequestKindSpec {
  kind: RequestKind;
  acknowledge_minutes: number;
  answer_minutes: number;
  reasons: NoReason[];
  outcomes: Outcome[];
  fields: FieldSpec[];
}

export type AnswerState = 'asked' | 'acknowledged' | 'yes' | 'maybe' | 'no' | 'withdrawn';

export interface Answer extends Versioned {
  request: Id;
  organization: Named;
  state: AnswerState;
  takes_place: boolean;
  reason: NoReason | '' | null;
  note: string;
  by: Named | null;
  at: Instant | null;
  history: { at: Instant; what: string; person: Named | null; note: string }[];
}

export interface Channel extends Versioned {
  audience: Id;
  name: string;
  last_position: number;
  last_at: Instant | null;
}

export interface ChannelMine extends Mine {
  read_position: number;
  unread: number;
}

export interface Message extends Versioned {
  client_id: Id;
  channel: Id;
  position: number;
  author: Named;
  organization: Named | null;
  body: string;
  reply_to: Id | null;
  posted_at: Instant;
  deleted: boolean;
}

/** The kinds of object that travel live, with their shape and what is mine about them. */
export interface Kinds {
  organization: { object: Organization; mine: Mine };
  organization_member: { object: OrganizationMember; mine: Mine };
  invitation: { object: Invitation; mine: Mine };
  working_group: { object: WorkingGroup; mine: WorkingGroupMine };
  group_member: { object: GroupMember; mine: Mine };
  join_application: { object: JoinApplication; mine: Mine };
  request: { object: CoordinationRequest; mine: RequestMine };
  answer: { object: Answer; mine: Mine };
  channel: { object: Channel; mine: ChannelMine };
  message: { object: Message; mine: Mine };
}
export type Kind = keyof Kinds;
export type ObjectOf<K extends Kind> = Kinds[K]['object'];
export type MineOf<K extends Kind> = Kinds[K]['mine'];
