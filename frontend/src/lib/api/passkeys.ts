/** Passkeys: what the portal asks, carried to the browser's own dialog, and its answer back. */
import { call, settle } from './accounts.ts';
import { Problem } from './problem.ts';

const managed = 'account/authenticators/webauthn';

/** Browsers have them on secure addresses only. */
export const passkeysWork = (): boolean =>
  'PublicKeyCredential' in globalThis && 'credentials' in navigator;

export interface Passkey {
  id: number;
  name: string;
  /** Seconds since 1970. */
  created_at: number;
  last_used_at: number | null;
}

export const signInWithPasskey = () => prove('auth/webauthn/login');
/** After the password. */
export const secondStepWithPasskey = () => prove('auth/webauthn/authenticate');
/** Signed in already: says once more who is there. */
export const confirmWithPasskey = () => prove('auth/webauthn/reauthenticate');

async function prove(path: string): Promise<void> {
  const { request_options } = await settle(
    call<{ request_options: { publicKey: Asked } }>('GET', path),
  );
  const credential = await ceremony(() =>
    navigator.credentials.get({ publicKey: decoded(request_options.publicKey) }),
  );
  await settle(call('POST', path, { credential }));
}

/** Makes one on this device (or on one that the browser offers); returns whether recovery codes came with it. */
export async function addPasskey(): Promise<boolean> {
  const { creation_options } = await settle(
    call<{ creation_options: { publicKey: Asked } }>('GET', managed),
  );
  const credential = await ceremony(() =>
    navigator.credentials.create({ publicKey: decoded(creation_options.publicKey) }),
  );
  const answer = await call('POST', managed, { credential });
  await settle(Promise.resolve(answer));
  return answer.meta?.['recovery_codes_generated'] === true;
}

export const renamePasskey = (id: number, name: string) =>
  settle(call('PUT', managed, { id, name }));

export const removePasskey = (id: number) =>
  settle(call('DELETE', managed, { authenticators: [id] }));

/** The browser's dialog; that it was closed is a problem like any other. */
async function ceremony(ask: () => Promise<Credential | null>): Promise<unknown> {
  try {
    return encoded((await ask()) as PublicKeyCredential);
  } catch (thrown) {
    const known = thrown instanceof DOMException && thrown.name === 'InvalidStateError';
    throw new Problem(-1, known ? 'passkey_known' : 'passkey_not_given');
  }
}

type Asked = Record<string, unknown>;
const binary = new Set(['challenge', 'id']);

/** The portal's options: what is bytes comes as base64url, wherever it stands. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the one shape for both ceremonies
function decoded(asked: unknown): any {
  if (Array.isArray(asked)) return asked.map(decoded);
  if (asked === null || typeof asked !== 'object') return asked;
  // The site has an id as well, and its is a name.
  const isSite = 'name' in asked && !('displayName' in asked);
  return Object.fromEntries(
    Object.entries(asked).map(([name, value]) => [
      name,
      binary.has(name) && typeof value === 'string' && !isSite
        ? bytesOf(value)
        : decoded(value),
    ]),
  );
}

const responseParts = [
  'clientDataJSON',
  'attestationObject',
  'authenticatorData',
  'signature',
  'userHandle',
] as const;

function encoded(credential: PublicKeyCredential): unknown {
  const response = credential.response as unknown as Record<string, ArrayBuffer | null>;
  return {
    id: credential.id,
    rawId: textOf(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response: Object.fromEntries(
      responseParts.flatMap((name) => {
        const part = response[name];
        return part ? [[name, textOf(part)]] : [];
      }),
    ),
  };
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const base64 = text.replaceAll('-', '+').replaceAll('_', '/');
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

function textOf(bytes: ArrayBuffer): string {
  const base64 = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}
