/** Some acts ask once more who is there. One dialog asks for all of them; then the act goes on by itself. */
import { proof } from '#lib/api/http.ts';

class Proving {
  asked = $state(false);
  #asking: Promise<boolean> | null = null;
  #settle: (given: boolean) => void = () => undefined;

  ask(): Promise<boolean> {
    this.asked = true;
    this.#asking ??= new Promise((settle) => (this.#settle = settle));
    return this.#asking;
  }

  settle(given: boolean): void {
    this.asked = false;
    this.#asking = null;
    this.#settle(given);
  }
}

export const proving = new Proving();
proof.ask = () => proving.ask();
