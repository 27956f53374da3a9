/** The frames of the live socket, drawn from the portal's own wire protocol. */
import type { components } from '#lib/api/schema.gen.ts';
import type { Id, Kind, ProblemBody, Versioned } from '#lib/api/types.ts';

type Schemas = components['schemas'];

export type Cursors = Record<Id, number>;

export type ClientFrame =
  Schemas['Hello'] | Schemas['Send'] | Schemas['Seen'] | Schemas['Ping'];

export type ChangeItem = Omit<Schemas['Item'], 'kind' | 'data'> & {
  kind: Kind;
  data?: Versioned;
};
export type ChangesFrame = Omit<Schemas['Changes'], 'items'> & { items: ChangeItem[] };
export type ErrorFrame = Omit<Schemas['Error'], 'problem'> & { problem: Partial<ProblemBody> };

export type ServerFrame =
  | Schemas['Welcome']
  | ChangesFrame
  | Schemas['Ack']
  | Schemas['Granted']
  | Schemas['Revoked']
  | Schemas['Resync']
  | ErrorFrame
  | Schemas['Pong'];

export const closeCodes = {
  protocolError: 4400,
  sessionEnded: 4401,
  forbidden: 4403,
  tooSlow: 4408,
} as const;
