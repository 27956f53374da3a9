/**
 * The live store: what this person has been shown, kept current over one websocket.
 * Screens read `live.list`, `live.get` and `live.mine`; they are reactive per kind.
 */
import { api } from '#lib/api/http.ts';
import { asProblem, Problem } from '#lib/api/problem.ts';
import { session } from '#lib/api/session.svelte.ts';
import type {
  Acknowledgement,
  Channel,
  ChannelMember,
  Detailed,
  GroupEntry,
  GroupMember,
  Id,
  Kind,
  Listed,
  Message,
  MineOf,
  ObjectOf,
  ProblemBody,
  Versioned,
  WorkingGroup,
} from '#lib/api/types.ts';
import { Connection } from './connection.svelte.ts';
import { CursorTable } from './cursors.ts';
import { ObjectTable, type Reference } from './objects.ts';
import type { ChangesFrame, ServerFrame } from './protocol.ts';
import { followed, sourceOf } from './sources.ts';

const debounceMilliseconds = 60;
const patienceMilliseconds = 800;
const idsAtOnce = 100;

type Ear<T extends unknown[]> = Set<(...told: T) => void>;

class Live {
  readonly connection = new Connection({
    open: () => this.#hello(),
    frame: (frame) => this.#receive(frame),
    ended: (why) => this.onEnded(why),
  });

  /** Counts the times lists must be fetched again; listings follow it. */
  epoch = $state(0);
  /** True once the portal has welcomed this client; lists fetched before may have missed changes. */
  welcomed = $state(false);

  /** Lists wait for the welcome, but not for ever: without a socket the portal still works. */
  ready = $state(false);
  /** The epoch at which everything was last forgotten. */
  forgottenAt = 0;

  /** Set by the shell: the session is over, or a second factor is asked for. */
  onEnded: (why: 'session' | 'second_factor') => void = () => undefined;
  readonly onAck: Ear<[id: Id, position: number]> = new Set();
  readonly onRefusal: Ear<[id: Id, problem: Problem]> = new Set();
  readonly onMessage: Ear<[message: Message]> = new Set();
  readonly onWelcome: Ear<[]> = new Set();
  /** Everything shown is being forgotten: forget along. */
  readonly onForget: Ear<[]> = new Set();

  #ticks = $state<Partial<Record<Kind, number>>>({});
  #objects = new ObjectTable((kind) => {
    this.#ticks[kind] = (this.#ticks[kind] ?? 0) + 1;
  });
  #cursors = new CursorTable();
  #replaying = false;
  #asking = new Map<string, Reference>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #patience: ReturnType<typeof setTimeout> | undefined;

  start(): void {
    this.connection.start();
    this.#patience = setTimeout(() => (this.ready = true), patienceMilliseconds);
  }

  /** Ends the connection and forgets everything that was shown. */
  stop(): void {
    this.connection.stop();
    this.welcomed = false;
    this.ready = false;
    clearTimeout(this.#patience);
    this.#cursors.clear();
    this.#objects.clear();
    this.#asking.clear();
    clearTimeout(this.#timer);
    this.epoch += 1;
    this.forgottenAt = this.epoch;
    this.onForget.forEach((ear) => ear());
  }

  list<K extends Kind>(kind: K): ObjectOf<K>[] {
    void this.#ticks[kind];
    return this.#objects.list(kind) as ObjectOf<K>[];
  }

  get<K extends Kind>(kind: K, id: Id): ObjectOf<K> | null {
    void this.#ticks[kind];
    return this.#objects.get(kind, id) as ObjectOf<K> | null;
  }

  mine<K extends Kind>(kind: K, id: Id): MineOf<K> | null {
    void this.#ticks[kind];
    return (this.#objects.mine(kind, id) as MineOf<K> | undefined) ?? null;
  }

  /** Whether a verb is allowed to me; buttons are shown exactly for these. */
  may(kind: Kind, id: Id, verb: string): boolean {
    return this.mine(kind, id)?.allowed.includes(verb) ?? false;
  }

  /** Fetches a page of a list into the store. */
  async fetch<K extends Kind>(
    kind: K,
    path: string,
    query: Record<string, string | number | boolean | null | undefined> = {},
  ): Promise<Listed<ObjectOf<K>, MineOf<K>>> {
    const asked = this.#objects.ask();
    const page = await api.get<Listed<ObjectOf<K>, MineOf<K>>>(path, query);
    const versions = new Map(page.results.map(({ id, version }) => [id, version]));
    for (const data of page.results) this.#objects.putFetched(kind, data, asked);
    for (const [id, mine] of Object.entries(page.mine))
      this.#objects.setMine(kind, id, mine, asked, versions.get(id));
    return page;
  }

  /** Awaits the answer to a write, or a detail, and takes it into the store. */
  async take<K extends Kind>(
    kind: K,
    answer: Promise<Detailed<ObjectOf<K>, MineOf<K>>>,
    by: 'write' | 'read' = 'write',
  ): Promise<ObjectOf<K>> {
    const asked = this.#objects.ask();
    const { result, mine } = await answer;
    this.#objects.putFetched(kind, result, asked);
    this.#objects.setMine(kind, result.id, mine, asked, result.version, by === 'write');
    return result;
  }

  /** Takes an object that came inside a problem, e.g. `current` of a 412. */
  takeCurrent(kind: Kind, data: Versioned): void {
    this.#objects.putFetched(kind, data, this.#objects.ask());
    this.refresh(kind, data.id);
  }

  /** The portal answered 404 for it. */
  lose(kind: Kind, id: Id): void {
    this.#objects.lose(kind, id, this.#objects.version(kind, id));
  }

  /** These are fetched again when they are wanted: what is known of them may be out of date. */
  loseMessages(which: (message: Message) => boolean): void {
    this.#objects.loseWhere('message', (data) => which(data as Message));
  }

  /** Asks again for an object and what is mine about it, batched with others. */
  refresh(kind: Kind, id: Id): void {
    this.#ask([{ kind, id }]);
  }

  /** Everything may have changed (a membership came or went): lists and verbs are fetched anew. */
  refetch(): void {
    this.epoch += 1;
    void session.load();
    this.#objects.loseAllMine('message');
    this.#ask(this.#objects.references(followed));
  }

  #hello(): void {
    this.connection.send({ type: 'hello', cursors: this.#cursors.all() });
  }

  #receive(frame: ServerFrame): void {
    switch (frame.type) {
      case 'welcome':
        return this.#welcome(frame.heads);
      case 'changes':
        return this.#changes(frame);
      case 'granted':
        this.#cursors.restart(frame.audience, frame.head);
        return this.refetch();
      case 'revoked':
        return this.#revoke([frame.audience]);
      case 'resync':
        this.#cursors.restart(frame.audience, frame.head);
        // What is mine says how far I have read; a mark that came before the gap might say less.
        this.#objects.loseWhere('read_mark', () => true);
        return this.refetch();
      case 'ack':
        return this.onAck.forEach((ear) => ear(frame.id, frame.position));
      case 'error':
        return this.#refusal(frame.id, frame.problem);
      case 'pong':
        return;
    }
  }

  #welcome(heads: Record<Id, number>): void {
    this.#replaying = false;
    const first = !this.welcomed;
    const { granted, revoked } = this.#cursors.welcome(heads);
    this.connection.welcomed();
    this.welcomed = true;
    this.ready = true;
    if (revoked.length) this.#revoke(revoked);
    // Heads begin at this welcome: whatever was fetched before it may lack a change in between.
    if (first) this.epoch += 1;
    else if (granted.length) this.refetch();
    this.onWelcome.forEach((ear) => ear());
  }

  #changes(frame: ChangesFrame): void {
    const verdict = this.#cursors.advance(frame);
    if (verdict === 'known') return;
    if (verdict === 'gap') {
      if (!this.#replaying) this.#hello();
      this.#replaying = true;
      return;
    }
    const toAsk: Reference[] = [];
    for (const item of frame.items) {
      const held = this.#objects.version(item.kind, item.subject);
      const orphan = this.#objects.apply(frame.audience, item);
      if (orphan) toAsk.push(orphan);
      if (item.op !== 'put') continue;
      if (item.kind === 'message' && item.data) {
        // What may be done about it may be something else now: asked for when somebody wants to know.
        if (item.version > held) this.#objects.loseMine('message', item.subject, item.version);
        this.onMessage.forEach((ear) => ear(item.data as Message));
      } else {
        toAsk.push({ kind: item.kind, id: item.subject });
      }
    }
    this.#ask(toAsk);
  }

  #revoke(audiences: Id[]): void {
    for (const audience of audiences) {
      this.#cursors.forget(audience);
      this.#loseRooms(audience);
      this.#ask(this.#objects.revoke(audience));
    }
    this.refetch();
  }

  /** Channels, messages and members live in exactly one audience: they go with it, unasked. */
  #loseRooms(audience: Id): void {
    const channels = this.#objects.list('channel') as Channel[];
    const lost = new Set(
      channels.filter((each) => each.audience === audience).map((each) => each.id),
    );
    for (const kind of ['message', 'channel_member', 'acknowledgement'] as const)
      this.#objects.loseWhere(kind, (data) =>
        lost.has((data as Message | ChannelMember | Acknowledgement).channel),
      );
    this.#objects.loseWhere('channel', (data) => lost.has(data.id));
    const groups = this.#objects.list('working_group') as WorkingGroup[];
    const left = new Set(
      groups.filter((each) => each.audience === audience).map((each) => each.id),
    );
    for (const kind of ['group_member', 'group_entry'] as const)
      this.#objects.loseWhere(kind, (data) =>
        left.has((data as GroupMember | GroupEntry).working_group),
      );
  }

  #refusal(id: Id | null, body: Partial<ProblemBody>): void {
    const problem = new Problem(body.status ?? 0, body.code ?? 'unknown', body);
    if (id) this.onRefusal.forEach((ear) => ear(id, problem));
  }

  #ask(references: Reference[]): void {
    for (const reference of references) {
      if (!followed.includes(reference.kind)) continue;
      this.#asking.set(`${reference.kind} ${reference.id}`, reference);
    }
    if (this.#asking.size === 0) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#askNow(), debounceMilliseconds);
  }

  async #askNow(): Promise<void> {
    const bySource = new Map<string, { kind: Kind; ids: Id[] }>();
    for (const { kind, id } of this.#asking.values()) {
      const path = sourceOf(kind, this.#objects.get(kind, id));
      if (!path) continue;
      const batch = bySource.get(path) ?? { kind, ids: [] };
      batch.ids.push(id);
      bySource.set(path, batch);
    }
    this.#asking.clear();
    for (const [path, { kind, ids }] of bySource) {
      for (let from = 0; from < ids.length; from += idsAtOnce) {
        await this.#askBatch(kind, path, ids.slice(from, from + idsAtOnce));
      }
    }
  }

  async #askBatch(kind: Kind, path: string, ids: Id[]): Promise<void> {
    const held = new Map(ids.map((id) => [id, this.#objects.version(kind, id)]));
    const lose = (id: Id) => this.#objects.lose(kind, id, held.get(id) ?? -1);
    try {
      const page = await this.fetch(kind, path, { ids: ids.join(','), limit: idsAtOnce });
      const seen = new Set<Id>(page.results.map((data) => data.id));
      ids.filter((id) => !seen.has(id)).forEach(lose);
    } catch (thrown) {
      const problem = asProblem(thrown);
      if (problem.status === 404 || problem.status === 403) ids.forEach(lose);
      else if (problem.unreachable) this.#askAtNextWelcome(ids.map((id) => ({ kind, id })));
    }
  }

  #askAtNextWelcome(references: Reference[]): void {
    const again = () => {
      this.onWelcome.delete(again);
      this.#ask(references);
    };
    this.onWelcome.add(again);
  }
}

export const live = new Live();
