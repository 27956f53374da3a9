/**
 * The screen locks when no person does anything for a while, or by hand: what is shown is taken off the
 * page, not covered. The portal counts along and refuses a locked session whatever this page does.
 */
import { proving } from '#lib/account/proving.svelte.ts';
import { api } from '#lib/api/http.ts';
import { asProblem } from '#lib/api/problem.ts';
import { session } from '#lib/api/session.svelte.ts';
import { keep } from '#lib/keep/keep.svelte.ts';
import { outbox } from '#lib/keep/outbox.svelte.ts';
import { live } from '#lib/live/live.svelte.ts';
import { toasts } from '#lib/look/toasts.svelte.ts';
import { Idle } from './idle.ts';
import { tellTabs, whenTabsSay } from './tabs.ts';

/** Stays until the portal knows of the lock: a reload without a connection must not open the screen. */
const mark = 'concord.locked';
const inputs = ['pointerdown', 'pointermove', 'keydown', 'touchstart', 'touchmove', 'wheel'];
const lookMilliseconds = 1_000;

class Lock {
  locked = $state(false);
  #idle = new Idle();

  constructor() {
    whenTabsSay('active', () => this.#idle.touched(Date.now()));
    whenTabsSay('locked', () => this.hide());
    whenTabsSay('unlocked', () => this.locked && this.open());
  }

  /** Watches what a person does here; call in an effect, with how long they may rest. */
  watch(idleSeconds: number): () => void {
    this.#idle = new Idle(idleSeconds * 1_000, Date.now());
    for (const name of inputs)
      addEventListener(name, this.#input, { capture: true, passive: true });
    addEventListener('keydown', this.#pressed, { capture: true });
    const look = setInterval(this.#look, lookMilliseconds);
    document.addEventListener('visibilitychange', this.#look);
    return () => {
      for (const name of inputs) removeEventListener(name, this.#input, { capture: true });
      removeEventListener('keydown', this.#pressed, { capture: true });
      clearInterval(look);
      document.removeEventListener('visibilitychange', this.#look);
    };
  }

  /** Locks this tab, the others and the session. */
  async lock(): Promise<void> {
    localStorage.setItem(mark, '1');
    this.hide();
    tellTabs('locked');
    await this.#tellPortal();
  }

  /** Takes everything off this page. Drafts are kept; the page stays where it is. */
  hide(): void {
    this.locked = true;
    proving.settle(false);
    live.stop();
    outbox.stop();
    toasts.clear();
    void keep.close();
    session.hide();
  }

  /** Somebody proved who they are, here or in another tab: asks the portal, then shows the page again. */
  async open(): Promise<void> {
    await session.load();
    if (session.problem) throw session.problem;
    if (session.current?.locked) return;
    localStorage.removeItem(mark);
    this.locked = false;
  }

  /** They did so here. */
  async unlock(): Promise<void> {
    await this.open();
    if (!this.locked) tellTabs('unlocked');
  }

  /** The session is over, and its lock with it. */
  end(): void {
    localStorage.removeItem(mark);
    this.locked = false;
  }

  /** At the start of the page, before the session is asked for: locked once, locked after a reload. */
  async recall(): Promise<void> {
    if (localStorage.getItem(mark)) await this.#tellPortal();
    if (localStorage.getItem(mark)) this.locked = true;
  }

  async #tellPortal(): Promise<void> {
    try {
      await api.post('/session/lock');
    } catch (thrown) {
      // Whatever it refuses, it refuses because this session is locked or over.
      if (asProblem(thrown).unreachable) return;
    }
    localStorage.removeItem(mark);
  }

  #input = (event: Event): void => {
    // A resting mouse "moves" when the page moves under it.
    const rests = event.type === 'pointermove' && !moved(event as PointerEvent);
    if (!event.isTrusted || rests || this.locked) return;
    this.#idle.touched(Date.now());
    this.#report();
  };

  #pressed = (event: KeyboardEvent): void => {
    if (event.code !== 'KeyL' || !event.shiftKey || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    if (!this.locked) void this.lock();
  };

  #look = (): void => {
    if (this.locked) return;
    if (this.#idle.isOver(Date.now())) void this.lock();
    else this.#report();
  };

  #report(): void {
    if (!this.#idle.mustReport(Date.now())) return;
    tellTabs('active');
    void api.put('/session/activity').catch(() => undefined);
  }
}

function moved(event: PointerEvent): boolean {
  return event.movementX !== 0 || event.movementY !== 0;
}

export const lock = new Lock();
