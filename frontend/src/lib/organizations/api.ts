/** Writes about organizations; each answer goes into the live store. */
import { api } from '#lib/api/http.ts';
import type {
  Agreement,
  AgreementForm,
  Application,
  Detailed,
  Id,
  Invitation,
  NetworkInfo,
  Organization,
  OrganizationKind,
  OrganizationMember,
  Tier,
} from '#lib/api/types.ts';
import { live } from '#lib/live/live.svelte.ts';

export interface OrganizationDraft {
  name: string;
  kind: OrganizationKind;
  description: string;
  website: string;
}

export const apply = (draft: OrganizationDraft, key: Id) =>
  live.take('organization', api.post<Detailed<Organization>>('/organizations', draft, { key }));

export const edit = (id: Id, draft: Partial<OrganizationDraft>, version: number) =>
  live.take(
    'organization',
    api.patch<Detailed<Organization>>(`/organizations/${id}`, draft, version),
  );

export const verify = (id: Id) =>
  live.take('organization', api.post<Detailed<Organization>>(`/organizations/${id}/verify`));

export const suspend = (id: Id, reason: string) =>
  live.take(
    'organization',
    api.post<Detailed<Organization>>(`/organizations/${id}/suspend`, { reason }),
  );

export const reinstate = (id: Id) =>
  live.take('organization', api.post<Detailed<Organization>>(`/organizations/${id}/reinstate`));

export const recordAgreement = (form: AgreementForm, key: Id) =>
  live.take('agreement', api.post<Detailed<Agreement>>('/agreements', form, { key }));

export const askForAgreements = (required: boolean) =>
  api.patch<NetworkInfo>('/network', { agreement_required: required });

export const acceptApplication = (id: Id, name?: string) =>
  live.take(
    'application',
    api.post<Detailed<Application>>(`/applications/${id}/accept`, name ? { name } : {}),
  );

export const declineApplication = (id: Id, reason: string) =>
  live.take(
    'application',
    api.post<Detailed<Application>>(`/applications/${id}/decline`, { reason }),
  );

export const invite = (organization: Id, email: string, tier: Tier, key: Id) =>
  live.take(
    'invitation',
    api.post<Detailed<Invitation>>(
      `/organizations/${organization}/invitations`,
      { email, tier },
      { key },
    ),
  );

export async function revokeInvitation(invitation: Invitation): Promise<void> {
  await api.delete(`/organizations/${invitation.organization.id}/invitations/${invitation.id}`);
  live.lose('invitation', invitation.id);
}

export const setTier = (member: OrganizationMember, tier: Tier) =>
  live.take(
    'organization_member',
    api.put<Detailed<OrganizationMember>>(
      `/organizations/${member.organization.id}/people/${member.person.id}`,
      { tier },
    ),
  );
