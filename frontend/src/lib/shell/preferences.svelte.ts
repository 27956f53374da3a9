/** Choices of this device, none of them sensitive. */

export type Theme = 'system' | 'light' | 'dark';
export const themes: readonly Theme[] = ['system', 'light', 'dark'];

interface Stored {
  theme: Theme;
  /** The tab's title and icon say nothing about what this is. */
  neutral: boolean;
  /** Single keys such as "?" and "g t" do something. */
  shortcuts: boolean;
}

const storageKey = 'concord.device';
const standard: Stored = { theme: 'system', neutral: false, shortcuts: true };

class Preferences {
  #stored = $state<Stored>(read());

  get theme() {
    return this.#stored.theme;
  }
  set theme(theme: Theme) {
    this.#keep({ theme });
  }

  get neutral() {
    return this.#stored.neutral;
  }
  set neutral(neutral: boolean) {
    this.#keep({ neutral });
  }

  get shortcuts() {
    return this.#stored.shortcuts;
  }
  set shortcuts(shortcuts: boolean) {
    this.#keep({ shortcuts });
  }

  /** Puts the choices on the document; call in an effect. */
  apply(): void {
    const root = document.documentElement;
    if (this.theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = this.theme;
    this.#point('icon', 'svg');
    this.#point('manifest', 'webmanifest');
  }

  /** The tab's icon, and the name and icon under which the app is installed. */
  #point(name: 'icon' | 'manifest', ending: string): void {
    const link = document.querySelector<HTMLLinkElement>(`link[rel="${name}"]`);
    if (link) link.href = `/${name}${this.neutral ? '-neutral' : ''}.${ending}`;
  }

  #keep(change: Partial<Stored>): void {
    this.#stored = { ...this.#stored, ...change };
    localStorage.setItem(storageKey, JSON.stringify(this.#stored));
  }
}

function read(): Stored {
  try {
    return { ...standard, ...JSON.parse(localStorage.getItem(storageKey) ?? '{}') };
  } catch {
    return standard;
  }
}

export const preferences = new Preferences();
