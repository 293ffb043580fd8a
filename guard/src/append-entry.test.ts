import type { AuditDraft } from './audit-draft';
import { appendEntry, prefixesOf } from './append-entry';
import { auditEntry, toAuditRow, type AuditEntry } from './audit-entry';

const envelope = {
  entryId: 'aud_0123',
  at: new Date('2026-03-31T09:00:00.000Z'),
  actor: { type: 'staff' as const, id: 'uid-staff' },
  correlationId: 'req_0123',
};
const draft: AuditDraft = { action: 'studio_ops.drill_event', target: 'drills/drl_0123' };
const entryOf = (more: Partial<AuditDraft> = {}): AuditEntry =>
  appendEntry({ ...draft, ...more }, envelope).data as AuditEntry;

/** In parts, so that no scanner takes this file for a leak. */
const githubToken = ['ghp', 'abcdefghijklmnopqrstuvwxyz0123456789'].join('_');

test('an entry stands at its id and says who, what, when and under which request', () => {
  const { address, data } = appendEntry(draft, envelope);
  expect(address.path).toBe('audit/aud_0123');
  expect(data).toEqual({
    at: envelope.at,
    actorType: 'staff',
    actorId: 'uid-staff',
    action: 'studio_ops.drill_event',
    actionPrefixes: prefixesOf('studio_ops.drill_event'),
    rationale: null,
    target: 'drills/drl_0123',
    outcome: 'success',
    correlationId: 'req_0123',
    exercise: false,
    metadata: {},
  });
  expect(auditEntry.safeParse(data).success).toBe(true);
});

test('every prefix of an action is there once, and nothing else', () => {
  expect(prefixesOf('a.bc')).toEqual(['a', 'a.', 'a.b', 'a.bc']);
  expect(prefixesOf('x'.repeat(80))).toHaveLength(80);
});

test('no secret and no personal data passes, neither in the rationale nor deep in the metadata', () => {
  const entry = entryOf({
    rationale: `found ${githubToken} in a log, told ada@example.com`,
    metadata: {
      notes: `call came from 203.0.113.7 with ${githubToken}`,
      unresolvedRisks: [`password=hunter2 is still in use`],
      nested: { deep: [{ accessToken: 'short', reason: 'mail to ada@example.com' }] },
      'ada@example.com': 'as a name',
    },
  });
  const written = JSON.stringify(entry);
  for (const leak of [githubToken, 'ada@example.com', '203.0.113.7', 'hunter2', 'short']) {
    expect(written).not.toContain(leak);
  }
  expect(entry.rationale).toBe('found [redacted:github-token] in a log, told [redacted:email]');
});

test('what is no secret is stored as it was said', () => {
  const metadata = {
    scenarioId: 'token-compromise',
    mttrMinutes: 42,
    outcome: null,
    unresolvedRisks: ['Rotate again'],
  };
  expect(entryOf({ metadata }).metadata).toEqual(metadata);
});

test('a field that was left out is not stored, at the top of the metadata', () => {
  expect(entryOf({ metadata: { status: 'started', notes: undefined } }).metadata).toEqual({ status: 'started' });
});

test('a row that is answered has the time on the wire and no index of prefixes', () => {
  const row = toAuditRow({ id: 'aud_0123', data: entryOf() });
  expect(row).toMatchObject({ id: 'aud_0123', at: '2026-03-31T09:00:00.000Z' });
  expect(row).not.toHaveProperty('actionPrefixes');
});
