/**
 * Offers from a file: read, looked at, and sent a batch at a time. The portal knows each row by what it says: what is
 * posted already it does not post again.
 */
import { api } from '#lib/api/http.ts';
import type { Id, ImportPreview, Offer, OffersImportForm } from '#lib/api/types.ts';

type Audience = Omit<OffersImportForm, 'offers'>;

const perBatch = 50;
// The portal takes a body of a mebibyte, in which some characters of a file take two.
const mostBytes = 900_000;

/** What is said of services of another directory: which category a word means, and where those are that do not say. */
export interface Meant {
  categories: Record<string, string>;
  area: string;
}

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

export class OfferImport {
  preview = $state.raw<ImportPreview | null>(null);
  /** How many of those that are new were posted by now. */
  posted = $state(0);

  readonly #rows = $derived(this.preview?.rows ?? []);
  readonly fresh = $derived(
    this.#rows.flatMap((row) =>
      row.offer && row.same_as === null && (!row.posted || row.changed.length)
        ? [row.offer]
        : [],
    ),
  );
  readonly changed = $derived(
    this.#rows.filter((row) => row.offer && row.posted && row.changed.length).length,
  );
  readonly known = $derived(
    this.#rows.filter((row) => row.offer && row.posted && !row.changed.length).length,
  );
  readonly repeated = $derived(
    this.#rows.filter((row) => !row.posted && row.same_as !== null).length,
  );
  readonly wrong = $derived(this.#rows.filter((row) => !row.offer).length);
  readonly isDone = $derived(this.fresh.length > 0 && this.posted === this.fresh.length);

  clear(): void {
    this.preview = null;
    this.posted = 0;
  }

  async look(text: string, actingFor: Id, meant: Meant): Promise<void> {
    this.clear();
    this.preview = await api.post<ImportPreview>('/offers/import/preview', {
      acting_for: actingFor,
      file: text,
      categories: meant.categories,
      ...(meant.area && { area: meant.area }),
    });
  }

  /** Goes on where it stopped: a batch is posted as a whole, or not at all. */
  async send(audience: Audience): Promise<void> {
    while (this.posted < this.fresh.length) {
      const offers = this.fresh.slice(this.posted, this.posted + perBatch);
      await api.post<Offer[]>('/offers/import', { ...audience, offers });
      this.posted += offers.length;
    }
  }
}
