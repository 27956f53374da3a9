/**
 * How others read a rule of recurrence: one JSON object a line from standard input, one answer a line.
 *
 * The dates are those of ical.js, which Thunderbird reads calendars with; what each is in UTC, those of ICU.
 *
 *     {"rule": "FREQ=DAILY;COUNT=2", "start": "2030-01-31T09:00:00", "zone": "America/Chicago", "until": null,
 *      "horizon": "2033-01-31T09:00:00", "most": 366}  →  [["2030-01-31T09:00:00", "2030-01-31T15:00:00Z"], …]
 */
import { createInterface } from 'node:readline';

import ICAL from 'ical.js';

const DAY = 24 * 60 * 60 * 1000;
const clocks = new Map();
const midnights = new Map();

for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(dates(JSON.parse(line)))}\n`);
}

function dates({ rule, start, zone, until, horizon, most }) {
  const fitting = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromDateTimeString(start));
  const last = ICAL.Time.fromDateTimeString(horizon);
  const found = [];
  for (let each = fitting.next(); each && each.compare(last) <= 0; each = fitting.next()) {
    const moment = utc(each.toString(), zone);
    if (found.length === most || (until && moment > Date.parse(until))) break;
    found.push([each.toString(), new Date(moment).toISOString().replace('.000', '')]);
  }
  return found;
}

/** Shown twice: the first. Left out: as if the clock had not been put forward. */
function utc(local, zone) {
  const naive = Date.parse(`${local}Z`);
  const [before, after] = [offset(naive - DAY, zone), offset(naive + DAY, zone)];
  const fitting = [before, after].find((each) => offset(naive - each, zone) === each);
  return naive - (fitting ?? before);
}

function offset(moment, zone) {
  const day = Math.floor(moment / DAY) * DAY;
  const [morning, evening] = [midnight(day, zone), midnight(day + DAY, zone)];
  return morning === evening ? morning : shown(moment, zone);
}

function midnight(day, zone) {
  const key = `${zone} ${day}`;
  if (!midnights.has(key)) midnights.set(key, shown(day, zone));
  return midnights.get(key);
}

/** How far the clock of the zone is from UTC. */
function shown(moment, zone) {
  if (!clocks.has(zone)) {
    clocks.set(
      zone,
      new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' }),
    );
  }
  const said = clocks.get(zone).format(moment).split('GMT')[1];
  if (!said) return 0;
  const [hours, minutes = 0] = said.slice(1).split(':').map(Number);
  return (hours * 60 + minutes) * 60 * 1000 * (said[0] === '-' ? -1 : 1);
}
