/** The present minute, for texts such as "18 min left". */
class Clock {
  now = $state(Date.now());

  constructor() {
    if (typeof window === 'undefined') return;
    setInterval(() => (this.now = Date.now()), 15_000);
    document.addEventListener('visibilitychange', () => (this.now = Date.now()));
  }
}

export const clock = new Clock();
