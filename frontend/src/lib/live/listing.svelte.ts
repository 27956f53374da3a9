/**
 * How a screen gets a list or an object: it is fetched once, then the live store keeps it current.
 * Call these while a component initialises.
 */
import { untrack } from 'svelte';
import { api } from '#lib/api/http.ts';
import { asProblem, type Problem } from '#lib/api/problem.ts';
import type { Detailed, Id, Kind, MineOf, ObjectOf } from '#lib/api/types.ts';
import { live } from './live.svelte.ts';

type Query = Record<string, string | number | boolean | null | undefined>;
export type FetchState = 'loading' | 'ready' | 'failed';

interface Fetched {
  epoch: number;
  next: string | null;
}

/** What has been fetched this session, so that coming back to a screen shows it at once. */
const fetched = new Map<string, Fetched>();

const onTheWay = new Map<string, Promise<string | null>>();

/** Two parts of a screen that want the same list at the same moment share one request. */
function firstPage(
  kind: Kind,
  path: string,
  query: Query,
  key: string,
): Promise<string | null> {
  const asked =
    onTheWay.get(key) ??
    live
      .fetch(kind, path, query)
      .then((page) => page.next)
      .finally(() => onTheWay.delete(key));
  onTheWay.set(key, asked);
  return asked;
}

export class Listing {
  state = $state<FetchState>('loading');
  problem = $state.raw<Problem | null>(null);
  next = $state<string | null>(null);
  loadingMore = $state(false);

  #kind: Kind;
  #path = '';
  #query: Query = {};
  #key = '';

  constructor(kind: Kind) {
    this.#kind = kind;
  }

  /** Shows what is known for this place, fetching it when it is unknown or out of date. */
  async open(path: string, query: Query): Promise<void> {
    this.#path = path;
    this.#query = query;
    this.#key = `${path} ${JSON.stringify(query)}`;
    const before = fetched.get(this.#key);
    const known = before && before.epoch >= live.forgottenAt ? before : undefined;
    this.next = known?.next ?? null;
    // What went wrong elsewhere is not told of this place.
    this.problem = null;
    this.state = known ? 'ready' : 'loading';
    if (known?.epoch !== live.epoch) await this.#fetch();
  }

  retry = (): Promise<void> => this.#fetch();

  async #fetch(): Promise<void> {
    const key = this.#key;
    const epoch = live.epoch;
    this.problem = null;
    try {
      const next = await firstPage(this.#kind, this.#path, this.#query, `${key} ${epoch}`);
      fetched.set(key, { epoch, next });
      if (key !== this.#key) return;
      this.next = next;
      this.state = 'ready';
    } catch (thrown) {
      if (key !== this.#key) return;
      this.problem = asProblem(thrown);
      if (this.state === 'loading') this.state = 'failed';
    }
  }

  /** Fetches the next, older page. */
  more = async (): Promise<void> => {
    if (!this.next || this.loadingMore) return;
    const key = this.#key;
    this.loadingMore = true;
    try {
      const page = await live.fetch(this.#kind, this.#path, {
        ...this.#query,
        cursor: this.next,
      });
      fetched.set(key, { epoch: fetched.get(key)?.epoch ?? live.epoch, next: page.next });
      if (key === this.#key) this.next = page.next;
    } catch (thrown) {
      if (key === this.#key) this.problem = asProblem(thrown);
    } finally {
      this.loadingMore = false;
    }
  };
}

/**
 * A list of the API, kept in the live store.
 * @param place reactive: the path and query to fetch; null while it is not known yet
 */
export function useListing(
  kind: Kind,
  place: () => { path: string; query?: Query } | null,
): Listing {
  const listing = new Listing(kind);
  $effect(() => {
    void live.epoch;
    const now = place();
    if (now && live.ready) untrack(() => void listing.open(now.path, now.query ?? {}));
  });
  return listing;
}

export class Subject<K extends Kind> {
  #kind: K;
  #id: () => Id;
  #failed = $state.raw<Problem | null>(null);
  #fetchedId = $state<Id | null>(null);
  #turn = 0;

  constructor(kind: K, id: () => Id) {
    this.#kind = kind;
    this.#id = id;
  }

  get object(): ObjectOf<K> | null {
    return live.get(this.#kind, this.#id());
  }

  get mine(): MineOf<K> | null {
    return live.mine(this.#kind, this.#id());
  }

  /** `missing`: it does not exist, or it is not shared with this person (any more). */
  get state(): FetchState | 'missing' {
    if (this.object) return 'ready';
    if (this.#failed) return this.#failed.status === 404 ? 'missing' : 'failed';
    return this.#fetchedId === this.#id() ? 'missing' : 'loading';
  }

  get problem(): Problem | null {
    return this.#failed;
  }

  may(verb: string): boolean {
    return this.mine?.allowed.includes(verb) ?? false;
  }

  async fetch(path: string): Promise<void> {
    const id = this.#id();
    const turn = ++this.#turn;
    // An older question may be answered last: that it was not shown to me then says nothing of now.
    const late = () => turn !== this.#turn || id !== this.#id();
    // While it is tried again, what is said about it stays.
    if (id !== this.#fetchedId) this.#failed = null;
    try {
      await live.take(this.#kind, api.get<Detailed<ObjectOf<K>, MineOf<K>>>(path), 'read');
      if (!late()) this.#failed = null;
    } catch (thrown) {
      if (late()) return;
      this.#failed = asProblem(thrown);
      if (this.#failed.status === 404) live.lose(this.#kind, id);
    }
    this.#fetchedId = id;
  }
}

/** One object of the API by id, e.g. `useSubject('request', () => id, (id) => `/requests/${id}`)`. */
export function useSubject<K extends Kind>(
  kind: K,
  id: () => Id,
  path: (id: Id) => string,
): Subject<K> & { retry: () => void } {
  const subject = new Subject(kind, id);
  const retry = () => void subject.fetch(path(id()));
  $effect(() => {
    void live.epoch;
    const now = id();
    if (live.ready) untrack(() => void subject.fetch(path(now)));
  });
  return Object.assign(subject, { retry });
}
