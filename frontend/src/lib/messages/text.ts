/** A message's text in pieces: plain, an address that can be followed, or somebody's name. Pure. */

export interface Piece {
  text: string;
  href?: string;
  /** Whom it mentions. */
  name?: string;
}

/** So many characters a message may have. */
export const longest = 8000;

const address = String.raw`https?:\/\/[^\s<>"']+`;
const trailing = /[.,;:)\]}]+$/;

/** @param names of those whom the message mentions: the text alone mentions nobody */
export function pieces(text: string, names: readonly string[] = []): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(
    new RegExp([address, ...mentionsOf(names)].join('|'), 'giu'),
  )) {
    const isName = match[0].startsWith('@');
    const said = isName ? match[0] : match[0].replace(trailing, '');
    if (match.index > from) found.push({ text: text.slice(from, match.index) });
    found.push(isName ? { text: said, name: said.slice(1) } : { text: said, href: said });
    from = match.index + said.length;
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found;
}

/** Those of these people whom the text still names. */
export const stillNamed = <P extends { name: string }>(
  text: string,
  people: readonly P[],
): P[] => people.filter((person) => pieces(text, [person.name]).some((piece) => piece.name));

/** What is being written after an "@" before the caret, and where that stands. */
export function mentionAt(
  text: string,
  caret: number,
): { search: string; from: number } | null {
  const before = text.slice(0, caret);
  const match = /(?:^|[\s(])@([\p{L}\p{N}'’.-]*(?: [\p{L}\p{N}'’.-]*)?)$/u.exec(before);
  return match ? { search: match[1] ?? '', from: caret - (match[1] ?? '').length - 1 } : null;
}

function mentionsOf(names: readonly string[]): string[] {
  const longestFirst = [...names].sort((one, other) => other.length - one.length);
  const escaped = longestFirst.map((name) => name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'));
  return escaped.length ? [`@(?:${escaped.join('|')})(?![\\p{L}\\p{N}])`] : [];
}
