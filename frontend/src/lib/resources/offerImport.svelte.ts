/**
 * Offers from a file: read, looked at, and sent a batch at a time. What was sent is not sent again,
 * not after a reload either: the text, the key and how far it came are kept on the device.
 */
import { api } from '#lib/api/http.ts';
import { newId } from '#lib/api/ids.ts';
import type { Id, ImportPreview, Offer, OffersImportForm } from '#lib/api/types.ts';

type Audience = Omit<OffersImportForm, 'offers'>;

const perBatch = 50;
// The portal takes a body of a mebibyte, in which some characters of a file take two.
const mostBytes = 900_000;

export type Unreadable = 'too_large' | 'not_utf8';

/** The text of a file, or why it is none. */
export async function textOf(file: File): Promise<{ text: string } | { fault: Unreadable }> {
  if (file.size > mostBytes) return { fault: 'too_large' };
  try {
    return {
      text: new TextDecoder('utf-8', { fatal: true }).decode(await file.arrayBuffer()),
    };
  } catch {
    return { fault: 'not_utf8' };
  }
}

export interface KeptImport {
  text: string;
  posted: number;
  key: Id;
}

export class OfferImport {
  preview = $state.raw<ImportPreview | null>(null);
  posted = $state(0);
  /** Sent again with the same key a batch is still posted once. */
  #key: Id = newId();
  #text = '';

  readonly right = $derived(
    (this.preview?.rows ?? []).flatMap((row) => (row.offer ? [row.offer] : [])),
  );
  readonly wrong = $derived((this.preview?.rows.length ?? 0) - this.right.length);
  readonly isDone = $derived(this.right.length > 0 && this.posted === this.right.length);

  begin(text: string): void {
    this.#text = text;
    this.preview = null;
    this.posted = 0;
    this.#key = newId();
  }

  /** Takes up what was begun before. */
  resume({ text, posted, key }: KeptImport): void {
    this.begin(text);
    this.posted = posted;
    this.#key = key;
  }

  get kept(): KeptImport {
    return { text: this.#text, posted: this.posted, key: this.#key };
  }

  async look(): Promise<void> {
    this.preview = await api.post<ImportPreview>('/offers/import/preview', {
      file: this.#text,
    });
  }

  /** Goes on where it stopped: a batch is posted as a whole, or not at all. */
  async send(audience: Audience, onposted: () => void): Promise<void> {
    while (this.posted < this.right.length) {
      const offers = this.right.slice(this.posted, this.posted + perBatch);
      await api.post<Offer[]>(
        '/offers/import',
        { ...audience, offers },
        { key: `${this.#key}:${this.posted}` },
      );
      this.posted += offers.length;
      onposted();
    }
  }

  /** Other words to send need another key: the one of a batch that failed may have been used. */
  changed(): void {
    this.#key = newId();
  }
}
