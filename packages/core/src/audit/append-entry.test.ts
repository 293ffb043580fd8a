import { aboutDrill, aboutIncident, type AuditDraft } from './audit-draft';
import { prefixesOf } from '@muster/contract/audit/words';
import { appendEntry } from './append-entry';
import { auditEntry, toAuditRow, type AuditEntry } from './audit-entry';

const envelope = {
  entryId: 'aud_0123',
  at: new Date('2026-03-31T09:00:00.000Z'),
  actor: { type: 'staff' as const, id: 'uid-staff' },
  correlationId: 'req_0123',
};
const draft: AuditDraft = { action: 'studio_ops.drill_event', ...aboutDrill('drl_0123') };
const entryOf = (more: Partial<AuditDraft> = {}): AuditEntry =>
  appendEntry({ ...draft, ...more }, envelope).data as AuditEntry;

/** In parts, so that no scanner takes this file for a leak. */
const githubToken = ['ghp', 'abcdefghijklmnopqrstuvwxyz0123456789'].join('_');

test('an entry stands at its id and says who, what, when and under which request', () => {
  const { address, data } = appendEntry(draft, envelope);
  expect(address.path).toBe('muster_audit/aud_0123');
  expect(data).toEqual({
    v: 2,
    at: envelope.at,
    actorType: 'staff',
    actorId: 'uid-staff',
    action: 'studio_ops.drill_event',
    actionPrefixes: prefixesOf('studio_ops.drill_event'),
    rationale: null,
    words: [],
    target: 'drills/drl_0123',
    outcome: 'success',
    severity: null,
    drillId: 'drl_0123',
    incidentId: null,
    correlationId: 'req_0123',
    ip: null,
    sessionId: null,
    exercise: true,
    callerRequestId: null,
    keeping: null,
    metadata: {},
    leafIndex: null,
    musterExpireAt: null,
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

test('what an entry belongs to is what its draft says, and nothing is guessed', () => {
  const belongsTo = (said: AuditDraft) => {
    const { drillId, incidentId } = appendEntry(said, envelope).data as AuditEntry;
    return { drillId, incidentId };
  };
  const action = 'shop.order_paid';
  expect(belongsTo({ action, ...aboutDrill('drl_0123') })).toEqual({ drillId: 'drl_0123', incidentId: null });
  expect(belongsTo({ action, ...aboutIncident('inc_0123') })).toEqual({ drillId: null, incidentId: 'inc_0123' });
  const said = { target: 'policy/current', drillId: 'drl_said', incidentId: 'inc_said' };
  expect(belongsTo({ action, ...said })).toEqual({ drillId: 'drl_said', incidentId: 'inc_said' });
  const metadata = { drillId: 'drl_4567', incidentId: 'inc_4567' };
  expect(belongsTo({ action, target: 'policy/current', metadata })).toEqual({ drillId: null, incidentId: null });
});

test.each<[string, Omit<AuditDraft, 'action'>]>([
  ['a drill without its id', { target: 'drills/drl_0123', exercise: true }],
  ['a drill without its mark', { target: 'drills/drl_0123', drillId: 'drl_0123' }],
  ['what is below a drill', { target: 'drills/drl_0123/events/evt_01' }],
  ['an incident without its id', { target: 'incidents/inc_0123' }],
])('an entry about %s is not made', (_, about) => {
  expect(() => appendEntry({ action: 'drills.x', ...about }, envelope)).toThrow(/about(?:Drill|Incident)$/u);
});

test('the words of a rationale are those that are left of it', () => {
  const entry = entryOf({ rationale: `Token ${githubToken} revoked` });
  expect(entry.words).toEqual(expect.arrayContaining(['token', 'revoked', 'redacted']));
  expect(entry.words.filter((word) => word.startsWith('ghp') || word.startsWith('abcd'))).toEqual([]);
});

test('where the request came from stands in it, and its severity', () => {
  const from = { ip: '203.0.113.7', sessionId: 'ses_0123' };
  const { data } = appendEntry({ ...draft, severity: 'P1' }, { ...envelope, from });
  expect(data).toMatchObject({ ...from, severity: 'P1' });
});

test('a row that is answered has the time on the wire and no index of prefixes', () => {
  const row = toAuditRow({ id: 'aud_0123', data: entryOf() });
  expect(row).toMatchObject({ id: 'aud_0123', at: '2026-03-31T09:00:00.000Z' });
  for (const own of ['v', 'actionPrefixes', 'words', 'salt', 'keeping', 'musterExpireAt'])
    expect(row).not.toHaveProperty(own);
});
