/** Sign-in and second factor, through django-allauth's headless browser API. */
import { onRefused, proof, send } from './http.ts';
import type { Passkey } from './passkeys.ts';
import { Problem } from './problem.ts';

const base = '/_allauth/browser/v1';

interface Fault {
  message: string;
  code: string;
  param?: string;
}

interface Answer<D = unknown> {
  status: number;
  data?: D & { flows?: { id: string; is_pending?: boolean; types?: string[] }[] };
  meta?: Record<string, unknown>;
  errors?: Fault[];
}

/** What may follow the password; recovery codes always may. */
export interface SecondStep {
  code: boolean;
  passkey: boolean;
}

/** Where a fresh proof is asked for first, it is given and the same thing is done then. */
export async function call<D>(
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Answer<D>> {
  const answer = await once<D>(method, path, body, headers);
  if (answer.status === 200) return answer;
  if (refusalCode(answer) === 'reauthenticate' && (await proof.ask())) {
    return once<D>(method, path, body, headers);
  }
  // What is done to an account is done by who is signed in: this session is over, or locked.
  if (answer.status === 401 && path.startsWith('account/')) onRefused.tell(refused(answer));
  return answer;
}

async function once<D>(
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
): Promise<Answer<D>> {
  const response = await send(method, `${base}/${path}`, {
    ...(body !== undefined ? { body } : {}),
    ...(headers ? { headers } : {}),
  });
  let answer: Answer<D>;
  try {
    answer = (await response.json()) as Answer<D>;
  } catch {
    throw await Problem.from(new Response(null, response));
  }
  return answer;
}

function refused(answer: Answer): Problem {
  const faults = (answer.errors ?? []).map((fault) => ({
    field: fault.param ?? '',
    code: fault.code,
    message: fault.message,
  }));
  return new Problem(answer.status, refusalCode(answer), {
    title: faults[0]?.message ?? '',
    errors: faults,
  });
}

function refusalCode(answer: Answer): string {
  if (answer.status === 429) return 'rate_limited';
  if (answer.status === 409) return 'wrong_state';
  if (answer.status === 401 && offers(answer, 'reauthenticate')) return 'reauthenticate';
  return answer.errors?.[0]?.code ?? (answer.status === 401 ? 'not_authenticated' : 'invalid');
}

function offers(answer: Answer, flow: string): boolean {
  return answer.data?.flows?.some((each) => each.id === flow) ?? false;
}

function pending(answer: Answer, flow: string) {
  return answer.data?.flows?.find((each) => each.id === flow && each.is_pending);
}

export async function settle<D>(promise: Promise<Answer<D>>): Promise<D> {
  const answer = await promise;
  if (answer.status !== 200) throw refused(answer);
  return answer.data as D;
}

/** Null when that was all; else what is asked for next. */
export async function signIn(email: string, password: string): Promise<SecondStep | null> {
  const answer = await call('POST', 'auth/login', { email, password });
  if (answer.status === 200) return null;
  const next = answer.status === 401 && pending(answer, 'mfa_authenticate');
  if (!next) throw refused(answer);
  const types = next.types ?? [];
  return { code: types.includes('totp'), passkey: types.includes('webauthn') };
}

/** A one-time code of the authenticator app, or a recovery code. */
export const enterCode = (code: string) =>
  settle(call('POST', 'auth/2fa/authenticate', { code }));

/** Ends the session. Allauth answers 401 when it has ended: that is success. */
export async function signOut(): Promise<void> {
  await call('DELETE', 'auth/session');
}

/** The same without waiting, for a page that is being left. */
export function signOutWhileLeaving(): void {
  void send('DELETE', `${base}/auth/session`, { keepalive: true }).catch(() => undefined);
}

export const askForReset = (email: string) =>
  settle(call('POST', 'auth/password/request', { email }));

export const checkResetKey = (key: string) =>
  settle(call('GET', 'auth/password/reset', undefined, { 'X-Password-Reset-Key': key }));

/** Sets the new password; allauth answers 401 when that does not sign in by itself. */
export async function resetPassword(key: string, password: string): Promise<void> {
  const answer = await call('POST', 'auth/password/reset', { key, password });
  if (answer.status !== 200 && answer.status !== 401) throw refused(answer);
}

export const changePassword = (current_password: string, new_password: string) =>
  settle(call('POST', 'account/password/change', { current_password, new_password }));

export const confirmPassword = (password: string) =>
  settle(call('POST', 'auth/reauthenticate', { password }));

/** With the one-time code, where a second factor is set up. */
export const confirmCode = (code: string) =>
  settle(call('POST', 'auth/2fa/reauthenticate', { code }));

export interface TotpOffer {
  secret: string;
  totp_url: string;
}

/** The secret to enrol, or null when a second factor is active already. */
export async function totpOffer(): Promise<TotpOffer | null> {
  const answer = await call('GET', 'account/authenticators/totp');
  if (answer.status === 200) return null;
  if (answer.status === 404 && answer.meta) return answer.meta as unknown as TotpOffer;
  throw refused(answer);
}

export const activateTotp = (code: string) =>
  settle(call('POST', 'account/authenticators/totp', { code }));

export interface Authenticator {
  type: 'totp' | 'webauthn' | 'recovery_codes';
  unused_code_count?: number;
}

/** What is set up; passkeys with their names. */
export const authenticators = () =>
  settle(call<(Authenticator | (Passkey & Authenticator))[]>('GET', 'account/authenticators'));

export const deactivateTotp = () => settle(call('DELETE', 'account/authenticators/totp'));

export interface RecoveryCodes {
  total_code_count: number;
  unused_code_count: number;
  unused_codes: string[];
}

export const newRecoveryCodes = () =>
  settle(call<RecoveryCodes>('POST', 'account/authenticators/recovery-codes', {}));

/** They come with the first factor; where they did not, they are made now. */
export async function theRecoveryCodes(): Promise<string[]> {
  const found = await call<RecoveryCodes>('GET', 'account/authenticators/recovery-codes');
  if (found.status === 404) return (await newRecoveryCodes()).unused_codes;
  return (await settle(Promise.resolve(found))).unused_codes;
}
