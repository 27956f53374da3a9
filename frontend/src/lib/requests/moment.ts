/** Wall-clock times as date fields have them ("2026-11-21T20:41"), in a named zone. */

function wallClock(at: number, zone: string): string {
  const parts = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
  }).formatToParts(at);
  const of = (type: string) => parts.find((part) => part.type === type)?.value ?? '';
  return `${of('year')}-${of('month')}-${of('day')}T${of('hour')}:${of('minute')}`;
}

/** The wall clock of an instant in a zone. */
export function toWallClock(at: string | number | Date, zone: string): string {
  return wallClock(new Date(at).getTime(), zone);
}

/**
 * The instant (ISO 8601, UTC) at which a zone's wall clock shows this; '' for no time. A time that
 * a clock change skips is taken as the same distance past the change.
 */
export function fromWallClock(local: string, zone: string): string {
  const shown = Date.parse(`${local}Z`);
  if (Number.isNaN(shown)) return '';
  const offset = (at: number) => Date.parse(`${wallClock(at, zone)}Z`) - at;
  const guess = shown - offset(shown);
  return new Date(shown - offset(guess)).toISOString();
}

/** Now, up to the next quarter of an hour. */
export function nextQuarter(now: number): string {
  const quarter = 15 * 60_000;
  return new Date(Math.ceil(now / quarter) * quarter).toISOString();
}
