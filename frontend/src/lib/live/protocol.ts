/** The frames of the live socket, as the portal speaks them. */
import type { Id, Kind, Versioned } from '#lib/api/types.ts';

export type Cursors = Record<Id, number>;

export type ClientFrame =
  | { type: 'hello'; cursors: Cursors }
  | { type: 'send'; id: Id; channel: Id; body: string; acting_for: Id | null }
  | { type: 'seen'; channel: Id; position: number }
  | { type: 'ping' };

export interface ChangeItem {
  op: 'put' | 'unshared' | 'deleted';
  kind: Kind;
  subject: Id;
  version: number;
  data?: Versioned;
}

export interface ChangesFrame {
  type: 'changes';
  audience: Id;
  after: number;
  seq: number;
  more: boolean;
  items: ChangeItem[];
}

export interface ProblemBody {
  title?: string;
  status?: number;
  code?: string;
  errors?: { field: string; code: string; message: string }[];
}

export type ServerFrame =
  | { type: 'welcome'; heads: Cursors; session_expires: string | null }
  | ChangesFrame
  | { type: 'ack'; id: Id; position: number }
  | { type: 'granted'; audience: Id; head?: number }
  | { type: 'revoked'; audience: Id }
  | { type: 'resync'; audience: Id }
  | { type: 'error'; id?: Id; problem: ProblemBody }
  | { type: 'pong' };

export const closeCodes = {
  protocolError: 4400,
  sessionEnded: 4401,
  forbidden: 4403,
  tooSlow: 4408,
} as const;
