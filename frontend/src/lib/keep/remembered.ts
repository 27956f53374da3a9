/**
 * The session as the portal last told it, kept encrypted like everything else here: without it, a
 * page opened offline would not know whose unsent messages and drafts it may show.
 */
import type { Session } from '#lib/api/types.ts';
import { Vault } from './vault.ts';

export interface RememberedSession {
  type: 'session';
  session: Session;
  at: number;
}

export const rememberedId = 'session';

/** The newest session that has not run out; null when there is none. */
export async function recallSession(): Promise<Session | null> {
  const found = await everywhere(async (vault) => (await vault.all()).get(rememberedId));
  const open = found
    .filter((each): each is RememberedSession => each !== undefined)
    .filter((each) => Date.parse(each.session.expires_at ?? '') > Date.now())
    .sort((one, other) => other.at - one.at);
  return open[0]?.session ?? null;
}

/** The portal says that nobody is signed in here. */
export async function forgetSession(): Promise<void> {
  await everywhere((vault) => vault.delete(rememberedId));
}

async function everywhere<T>(act: (vault: Vault) => Promise<T>): Promise<T[]> {
  const people = await Vault.people();
  return Promise.all(
    people.map(async (person) => {
      const vault = await Vault.open(person);
      try {
        return await act(vault);
      } finally {
        vault.close();
      }
    }),
  );
}
