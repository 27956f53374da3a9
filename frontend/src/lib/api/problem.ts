/** What the portal says when something cannot be done (RFC 9457), or that it could not be reached. */
import { t, word } from '#lib/words/words.svelte.ts';

export interface FieldProblem {
  /** Dotted path, e.g. "details.adults"; "" for the whole form. */
  field: string;
  code: string;
  message: string;
}

interface Body {
  title?: string;
  status?: number;
  code?: string;
  errors?: Partial<FieldProblem>[];
  current?: unknown;
}

export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly errors: FieldProblem[];
  /** On 412: the object as it is now. */
  readonly current: unknown;
  /** Seconds to wait, when the portal says so. */
  readonly retryAfter: number | null;

  constructor(status: number, code: string, body: Body = {}, retryAfter: number | null = null) {
    super(`${status} ${code}`);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.title = body.title ?? '';
    this.errors = (body.errors ?? []).map((error) => ({
      field: error.field ?? '',
      code: error.code ?? '',
      message: error.message ?? '',
    }));
    this.current = body.current;
    this.retryAfter = retryAfter;
  }

  static unreachable(): Problem {
    return new Problem(0, 'unreachable');
  }

  static async from(response: Response): Promise<Problem> {
    const retryAfter = Number(response.headers.get('Retry-After')) || null;
    let body: Body = {};
    try {
      body = (await response.json()) as Body;
    } catch {
      // A proxy or a fault answered with something else than JSON.
    }
    return new Problem(
      response.status,
      body.code ?? fallbackCode(response.status),
      body,
      retryAfter,
    );
  }

  /** No answer came: nothing is known about what happened, trying again is right. */
  get unreachable(): boolean {
    return (
      this.status === 0 || this.status === 502 || this.status === 503 || this.status === 504
    );
  }

  /** The words for a person. */
  get text(): string {
    const said = word('problem', this.code);
    if (said !== this.code.replaceAll('_', ' ')) return said;
    return this.title || t('problem.unknown');
  }

  /** The words beside one field, or undefined when it has no fault. */
  field(name: string): string | undefined {
    const fault = this.errors.find((error) => error.field === name);
    if (!fault) return undefined;
    const said = word('fault', fault.code);
    return said !== fault.code.replaceAll('_', ' ')
      ? said
      : fault.message || t('problem.invalid');
  }

  /** Faults that belong to none of these fields, to be shown over the form. */
  besides(names: string[]): string[] {
    return this.errors
      .filter((error) => !names.includes(error.field))
      .map((error) => error.message || word('fault', error.code));
  }
}

function fallbackCode(status: number): string {
  const codes: Record<number, string> = {
    400: 'malformed',
    401: 'not_authenticated',
    403: 'not_allowed',
    404: 'not_found',
    413: 'too_large',
    429: 'rate_limited',
  };
  return codes[status] ?? (status >= 500 ? 'server_fault' : 'unknown');
}

/** Whatever was thrown, as a Problem. */
export function asProblem(thrown: unknown): Problem {
  return thrown instanceof Problem
    ? thrown
    : new Problem(-1, 'unknown', { title: String(thrown) });
}
