import { isLogKeeping, refuseRewriting } from './append-only';
import { documentAt } from './documents';
import { Meter } from '../meter';
import type { StagedWrite } from './staged-write';
import { Work } from './work';
import * as z from 'zod';

const VERSION = { version: '2026-03-31T09:00:00.000000001Z' };
const at = (path: string, write: object): StagedWrite => ({ path, expects: VERSION, ...write }) as StagedWrite;

const REWRITING: [string, StagedWrite][] = [
  ['deletes an entry', at('muster_audit/aud_one', { kind: 'delete' })],
  ['deletes one that was not read', at('muster_audit/aud_one', { kind: 'delete', expects: 'anything' })],
  ['writes the whole of one anew', at('muster_audit/aud_one', { kind: 'set', data: {} })],
  ['writes one whether it is there or not', at('muster_audit/aud_one', { kind: 'set', data: {}, expects: 'anything' })],
  ['changes what was said', at('muster_audit/aud_one', { kind: 'update', data: { rationale: 'another' } })],
  [
    'changes it beside its place',
    at('muster_audit/aud_one', { kind: 'update', data: { leafIndex: 1, at: new Date(0) } }),
  ],
  ['gives an entry a salt', at('muster_audit/aud_one', { kind: 'update', data: { leafIndex: 1, salt: 'one' } })],
  [
    'adds to a number',
    at('muster_audit/aud_one', { kind: 'increment', by: [{ field: ['leafIndex'], add: 1 }], data: {} }),
  ],
  ['deletes the head of the log', at('muster_auditLog/current', { kind: 'delete' })],
  ['deletes a tile', at('muster_auditLog/current/muster_tiles/0-0', { kind: 'delete' })],
  ['deletes the legal holds', at('muster_auditLog/holds', { kind: 'delete' })],
];

test.each(REWRITING)('what %s is refused, whoever asks', (_, write) => {
  expect(() => refuseRewriting(write)).toThrow(write.path);
  expect(isLogKeeping(write)).toBe(false);
});

test('a unit of work asks it of every write', () => {
  const source = { fetch: async () => [], query: async () => [], count: async () => 0 };
  const work = new Work(source, new Meter());
  for (const [, write] of REWRITING) expect(() => work.stage(write)).toThrow('not');
  expect(work.staged).toEqual([]);
  work.create(documentAt('muster_audit/aud_two', z.record(z.string(), z.unknown())), {});
  expect(work.staged).toHaveLength(1);
});

test.each<[string, StagedWrite, boolean]>([
  [
    'a new entry, which is not the keeping of the log',
    at('muster_audit/aud_one', { kind: 'set', data: {}, expects: 'absent' }),
    false,
  ],
  ['its place', at('muster_audit/aud_one', { kind: 'update', data: { leafIndex: 7 } }), true],
  ['the salt taken out', at('muster_audit/aud_one', { kind: 'update', data: { salt: '' } }), true],
  ['its end', at('muster_audit/aud_one', { kind: 'update', data: { musterExpireAt: null } }), true],
  [
    'its place, without having looked',
    at('muster_audit/aud_one', { kind: 'update', data: { leafIndex: 7 }, expects: 'present' }),
    false,
  ],
  ['a tile', at('muster_auditLog/current/muster_tiles/0-0', { kind: 'set', data: {}, expects: 'absent' }), true],
  ['a drill', at('muster_drills/drl_one', { kind: 'update', data: { leafIndex: 7 } }), false],
  ['what only begins like it', at('auditLogs/current', { kind: 'set', data: {} }), false],
])('%s passes', (_, write, keeping) => {
  expect(() => refuseRewriting(write)).not.toThrow();
  expect(isLogKeeping(write)).toBe(keeping);
});
