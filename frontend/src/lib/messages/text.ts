/** A message's text in pieces: plain, or an address that can be followed. Pure. */

export interface Piece {
  text: string;
  href?: string;
}

const address = /https?:\/\/[^\s<>"']+/gi;
const trailing = /[.,;:)\]}]+$/;

export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(address)) {
    const href = match[0].replace(trailing, '');
    if (match.index > from) found.push({ text: text.slice(from, match.index) });
    found.push({ text: href, href });
    from = match.index + href.length;
  }
  if (from < text.length) found.push({ text: text.slice(from) });
  return found;
}
