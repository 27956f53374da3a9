/** Where objects of each kind are fetched by id, and which of them live in exactly one audience. */
import type {
  ChannelMember,
  GroupMember,
  Invitation,
  Kind,
  OrganizationMember,
  Suspension,
  Versioned,
} from '#lib/api/types.ts';

/** The list to ask with `?ids=`, or null when such an object is never asked for by itself. */
export function sourceOf(kind: Kind, data: Versioned | null): string | null {
  switch (kind) {
    case 'organization':
      return '/organizations';
    case 'agreement':
      return '/agreements';
    case 'application':
      return '/applications';
    case 'working_group':
      return '/working-groups';
    case 'join_application':
      return '/join-applications';
    case 'group_invitation':
      return '/group-invitations';
    case 'rule_acceptance':
      return '/rule-acceptances';
    case 'request':
      return '/requests';
    case 'answer':
      return '/answers';
    case 'escalation':
      return '/escalations';
    case 'need':
      return '/needs';
    case 'offer':
      return '/offers';
    case 'pledge':
      return '/pledges';
    case 'suggestion':
      return '/suggestions';
    case 'task':
      return '/tasks';
    case 'shift':
      return '/shifts';
    case 'swap':
      return '/swaps';
    case 'event':
      return '/events';
    case 'occurrence':
      return '/occurrences';
    case 'registration':
      return '/registrations';
    case 'whereabouts':
      return '/whereabouts';
    case 'certificate':
      return '/certificates';
    case 'channel':
      return '/channels';
    case 'group_member':
      return data && `/working-groups/${(data as GroupMember).working_group}/members`;
    case 'organization_member':
      return data && `/organizations/${(data as OrganizationMember).organization.id}/people`;
    case 'invitation':
      return data && `/organizations/${(data as Invitation).organization.id}/invitations`;
    case 'suspension':
      return data && `/organizations/${(data as Suspension).organization.id}/suspensions`;
    case 'channel_member':
      return data && `/channels/${(data as ChannelMember).channel}/members`;
    case 'group_entry':
    case 'message':
    case 'acknowledgement':
    case 'read_mark':
      return null;
  }
}

/** Kinds whose "mine" follows every change by itself; that of a message is asked for when needed. */
export const followed: readonly Kind[] = [
  'organization',
  'organization_member',
  'invitation',
  'application',
  'working_group',
  'group_member',
  'join_application',
  'group_invitation',
  'rule_acceptance',
  'request',
  'answer',
  'need',
  'offer',
  'pledge',
  'suggestion',
  'task',
  'shift',
  'swap',
  'event',
  'occurrence',
  'registration',
  'whereabouts',
  'channel',
  'channel_member',
];
