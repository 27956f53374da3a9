/** Which organizations may be asked, and write: verified, with their agreement in force. */
import { clock } from '#lib/words/clock.svelte.ts';
import { isOver } from './agreements.ts';

interface Agreed {
  status: string;
  agreed_until: string | null;
}

export const hasLapsed = ({ agreed_until }: Agreed, now = clock.now): boolean =>
  agreed_until !== null && isOver(agreed_until, now);

export const isActive = (organization: Agreed): boolean =>
  organization.status === 'verified' && !hasLapsed(organization);
