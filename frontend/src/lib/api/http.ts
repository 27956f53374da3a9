/** One typed fetch for the portal's API: CSRF, idempotency, versions, problems. */
import { Problem } from './problem.ts';

type Query = Record<string, string | number | boolean | null | undefined>;

export interface Options {
  query?: Query;
  body?: unknown;
  /** Sent as `If-Match`. */
  version?: number;
  /** Sent as `Idempotency-Key`; give the same one when the same thing is tried again. */
  key?: string;
  headers?: Record<string, string>;
  keepalive?: boolean;
  signal?: AbortSignal;
}

export const apiBase = '/api/v1';

/** Told about every 401 and `mfa_required`, wherever it came from. */
export const onRefused = { tell: (_problem: Problem): void => undefined };

/** Asks who is there, where an act is too much for an old proof; says whether one was given. */
export const proof = { ask: (): Promise<boolean> => Promise.resolve(false) };

export function csrfToken(): string {
  return /(?:^|;\s*)csrftoken=([^;]+)/.exec(document.cookie)?.[1] ?? '';
}

/** Sends and returns the raw answer; throws a Problem only when no answer came. */
export async function send(
  method: string,
  url: string,
  options: Options = {},
): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', ...options.headers };
  if (method !== 'GET') headers['X-CSRFToken'] = csrfToken();
  if (options.body !== undefined) headers['Content-Type'] = 'application/json';
  if (options.version !== undefined) headers['If-Match'] = `"${options.version}"`;
  if (options.key !== undefined) headers['Idempotency-Key'] = options.key;
  try {
    return await fetch(url + queryString(options.query), {
      method,
      headers,
      credentials: 'same-origin',
      cache: 'no-store',
      ...(options.body !== undefined ? { body: JSON.stringify(options.body) } : {}),
      ...(options.keepalive ? { keepalive: true } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw Problem.unreachable();
  }
}

/** Where a fresh proof is asked for first, it is given and the same thing is sent again. */
async function call<T>(method: string, path: string, options: Options = {}): Promise<T> {
  let response = await send(method, apiBase + path, options);
  if (response.ok) return taken<T>(response);
  let problem = await Problem.from(response);
  if (problem.code === 'proof_required' && (await proof.ask())) {
    response = await send(method, apiBase + path, options);
    if (response.ok) return taken<T>(response);
    problem = await Problem.from(response);
  }
  if (problem.status === 401 || problem.code === 'mfa_required') onRefused.tell(problem);
  throw problem;
}

async function taken<T>(response: Response): Promise<T> {
  return (response.status === 204 ? undefined : await response.json()) as T;
}

function queryString(query: Query = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '')
      parameters.set(name, String(value));
  }
  const text = parameters.toString();
  return text ? `?${text}` : '';
}

export const api = {
  get: <T>(path: string, query?: Query, options?: Options) =>
    call<T>('GET', path, { ...options, ...(query ? { query } : {}) }),
  post: <T>(path: string, body: unknown = {}, options?: Options) =>
    call<T>('POST', path, { ...options, body }),
  put: <T>(path: string, body: unknown = {}, options?: Options) =>
    call<T>('PUT', path, { ...options, body }),
  patch: <T>(path: string, body: unknown, version?: number) =>
    call<T>('PATCH', path, { body, ...(version !== undefined ? { version } : {}) }),
  delete: <T = void>(path: string, options?: Options) => call<T>('DELETE', path, options),
};
