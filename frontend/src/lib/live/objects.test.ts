import { describe, expect, it } from 'vitest';
import type { Versioned } from '#lib/api/types.ts';
import { ObjectTable } from './objects.ts';
import type { ChangeItem } from './protocol.ts';

const organizationA = 'audience-a';
const organizationB = 'audience-b';

function object(version: number, note = `v${version}`): Versioned & { note: string } {
  return { id: 'r1', version, note };
}
function put(version: number, note?: string): ChangeItem {
  return { op: 'put', kind: 'request', subject: 'r1', version, data: object(version, note) };
}
function unshared(version: number): ChangeItem {
  return { op: 'unshared', kind: 'request', subject: 'r1', version };
}
function deleted(version: number): ChangeItem {
  return { op: 'deleted', kind: 'request', subject: 'r1', version };
}

describe('versions', () => {
  it('ignores an older version that comes after a newer one, fetched or live', () => {
    const table = new ObjectTable();
    table.apply(organizationA, put(3));
    table.apply(organizationB, put(2));
    table.putFetched('request', object(1), table.ask());
    expect(table.get('request', 'r1')).toEqual(object(3));
  });

  it('still learns the audience from an older put', () => {
    const table = new ObjectTable();
    table.apply(organizationA, put(3));
    table.apply(organizationB, put(2));
    expect([...table.audiencesOf('request', 'r1')].sort()).toEqual([
      organizationA,
      organizationB,
    ]);
  });

  it('says which kind changed, and is silent when nothing did', () => {
    const changed: string[] = [];
    const table = new ObjectTable((kind) => changed.push(kind));
    table.apply(organizationA, put(2));
    table.apply(organizationA, put(2));
    table.apply(organizationA, put(1));
    expect(changed).toEqual(['request']);
  });
});

describe('an object shared with two audiences', () => {
  it('stays when unshared from one', () => {
    const table = new ObjectTable();
    table.apply(organizationA, put(1));
    table.apply(organizationB, put(1));
    expect(table.apply(organizationA, unshared(2))).toBeNull();
    expect(table.get('request', 'r1')).not.toBeNull();
  });

  it('is dropped at once and reported when unshared from the last', () => {
    const table = new ObjectTable();
    table.apply(organizationA, put(1));
    table.apply(organizationB, put(1));
    table.apply(organizationA, unshared(2));
    expect(table.apply(organizationB, unshared(3))).toEqual({ kind: 'request', id: 'r1' });
    expect(table.get('request', 'r1')).toBeNull();
  });

  it('keeps what came live by one audience when the other is revoked', () => {
    const table = new ObjectTable();
    table.apply(organizationA, put(1));
    table.apply(organizationB, put(1));
    expect(table.revoke(organizationA)).toEqual([]);
    expect(table.get('request', 'r1')).not.toBeNull();
  });
});

describe('losing access', () => {
  it('wipes data and what is mine when the only audience is revoked', () => {
    const table = new ObjectTable();
    table.apply(organizationA, put(1));
    table.setMine('request', 'r1', { allowed: ['answer'] }, table.ask());
    expect(table.revoke(organizationA)).toEqual([{ kind: 'request', id: 'r1' }]);
    expect(table.get('request', 'r1')).toBeNull();
    expect(table.mine('request', 'r1')).toBeUndefined();
    expect(table.list('request')).toEqual([]);
  });

  it('asks again for what was only fetched, and wipes it on 404', () => {
    const table = new ObjectTable();
    table.putFetched('request', object(4), table.ask());
    expect(table.revoke(organizationA)).toEqual([{ kind: 'request', id: 'r1' }]);
    expect(table.get('request', 'r1')).not.toBeNull();
    table.lose('request', 'r1', 4);
    expect(table.get('request', 'r1')).toBeNull();
  });

  it('does not let an answer asked for before the loss bring it back', () => {
    const table = new ObjectTable();
    table.apply(organizationA, put(5));
    const asked = table.ask();
    table.revoke(organizationA);
    expect(table.putFetched('request', object(5), asked)).toBe(false);
    table.setMine('request', 'r1', { allowed: ['edit'] }, asked);
    expect(table.get('request', 'r1')).toBeNull();
    expect(table.mine('request', 'r1')).toBeUndefined();
  });

  it('takes it back at the same version when asked for after being granted again', () => {
    const table = new ObjectTable();
    table.apply(organizationA, put(5));
    table.revoke(organizationA);
    expect(table.putFetched('request', object(5), table.ask())).toBe(true);
    expect(table.get('request', 'r1')).toEqual(object(5));
  });

  it('does not wipe on a 404 that is older than a live put', () => {
    const table = new ObjectTable();
    table.putFetched('request', object(5), table.ask());
    const asked = table.version('request', 'r1');
    table.apply(organizationB, put(6));
    table.lose('request', 'r1', asked);
    expect(table.get('request', 'r1')).toEqual(object(6));
  });

  it('drops what hangs on a lost parent', () => {
    const table = new ObjectTable();
    const inRoom = { id: 'm1', version: 1, channel: 'c1' };
    const elsewhere = { id: 'm2', version: 1, channel: 'c2' };
    table.putFetched('message', inRoom, table.ask());
    table.putFetched('message', elsewhere, table.ask());
    table.loseWhere('message', (data) => (data as typeof inRoom).channel === 'c1');
    expect(table.list('message')).toEqual([elsewhere]);
  });

  it('reports a put without content as something to ask for', () => {
    const table = new ObjectTable();
    const bare: ChangeItem = { op: 'put', kind: 'request', subject: 'r1', version: 2 };
    expect(table.apply(organizationA, bare)).toEqual({ kind: 'request', id: 'r1' });
  });
});

describe('tombstones', () => {
  it('are not resurrected by the same or an older version, live or fetched', () => {
    const table = new ObjectTable();
    table.apply(organizationA, put(2));
    table.apply(organizationA, deleted(3));
    table.apply(organizationB, put(3));
    table.putFetched('request', object(3), table.ask());
    table.putFetched('request', object(2), table.ask());
    expect(table.get('request', 'r1')).toBeNull();
  });

  it('hold for an object never seen before', () => {
    const table = new ObjectTable();
    table.apply(organizationA, deleted(3));
    expect(table.putFetched('request', object(2), table.ask())).toBe(false);
  });

  it('do not delete what is newer', () => {
    const table = new ObjectTable();
    table.apply(organizationA, put(4));
    table.apply(organizationA, deleted(3));
    expect(table.get('request', 'r1')).toEqual(object(4));
  });
});

describe('answers that come late', () => {
  it('bring nothing back that was forgotten altogether', () => {
    const table = new ObjectTable();
    const asked = table.ask();
    table.clear();
    expect(table.putFetched('request', object(1), asked)).toBe(false);
    table.setMine('request', 'r1', { allowed: ['close'] }, asked);
    expect(table.list('request')).toEqual([]);
    expect(table.mine('request', 'r1')).toBeUndefined();
    expect(table.putFetched('request', object(1), table.ask())).toBe(true);
  });

  it('do not say again what was mine about an older version', () => {
    const table = new ObjectTable();
    const [first, second] = [table.ask(), table.ask()];
    table.putFetched('request', object(2), second);
    table.setMine('request', 'r1', { allowed: ['reopen'] }, second, 2);
    table.putFetched('request', object(1), first);
    table.setMine('request', 'r1', { allowed: ['close'] }, first, 1);
    expect(table.mine('request', 'r1')).toEqual({ allowed: ['reopen'] });
  });

  it('do not win over what was asked later of the same version', () => {
    const table = new ObjectTable();
    const [first, second] = [table.ask(), table.ask()];
    table.setMine('channel', 'r1', { read_position: 7 }, second, 1);
    table.setMine('channel', 'r1', { read_position: 3 }, first, 1);
    expect(table.mine('channel', 'r1')).toEqual({ read_position: 7 });
  });

  it('do not tell what is mine about a version that came live meanwhile', () => {
    const table = new ObjectTable();
    const asked = table.ask();
    table.loseMine('message', 'r1', 2);
    table.setMine('message', 'r1', { allowed: ['pin'] }, asked, 1);
    expect(table.mine('message', 'r1')).toBeUndefined();
    table.setMine('message', 'r1', { allowed: ['unpin'] }, asked, 2);
    expect(table.mine('message', 'r1')).toEqual({ allowed: ['unpin'] });
  });

  it('win, where they are of a write, over what was read meanwhile', () => {
    const table = new ObjectTable();
    const [written, read] = [table.ask(), table.ask()];
    table.setMine('message', 'r1', { acknowledged: false }, read, 1);
    table.setMine('message', 'r1', { acknowledged: true }, written, 1, true);
    expect(table.mine('message', 'r1')).toEqual({ acknowledged: true });
    table.setMine('message', 'r1', { acknowledged: false }, read, 1);
    expect(table.mine('message', 'r1')).toEqual({ acknowledged: true });
  });

  it('win over what was asked later, where what they tell of is newer', () => {
    const table = new ObjectTable();
    const [written, read] = [table.ask(), table.ask()];
    table.setMine('request', 'r1', { allowed: ['close'] }, read, 1);
    table.setMine('request', 'r1', { allowed: ['reopen'] }, written, 2);
    expect(table.mine('request', 'r1')).toEqual({ allowed: ['reopen'] });
  });
});
