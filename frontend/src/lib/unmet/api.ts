/** Where unmet need is read: of an organization by its id, of the network without one. */
import { api, apiBase } from '#lib/api/http.ts';
import type { Id, UnmetNeed } from '#lib/api/types.ts';

const address = (organization: Id | null) =>
  organization ? `/organizations/${organization}/unmet-need` : '/unmet-need';

export const unmetNeed = (organization: Id | null, until: string) =>
  api.get<UnmetNeed>(address(organization), { until });

/** A file for spreadsheets. */
export const exportAddress = (organization: Id | null, until: string) =>
  `${apiBase}${address(organization)}/export${until ? `?until=${until}` : ''}`;
