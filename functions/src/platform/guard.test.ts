import { modeAt, NORMAL, refuseRestrictedWrite, type PolicyDocument } from './guard';

const NOW = new Date('2026-03-31T09:00:00Z');
const until = (ms: number) => new Date(NOW.getTime() + ms);
const policy = (name: PolicyDocument['mode']['name'], end: Date | null = null): PolicyDocument => ({
  version: 1,
  mode: { name, since: until(-1000), until: end, by: 'uid-staff', reason: 'because' },
});

test.each(['normal', 'degraded', 'offline'] as const)('%s lets guarded writes pass', (mode) => {
  expect(() => refuseRestrictedWrite(policy(mode), NOW)).not.toThrow();
});

test('read_only refuses guarded writes, with the reason, the end and what to do', () => {
  expect(() => refuseRestrictedWrite(policy('read_only', until(60_000)), NOW)).toThrow(
    expect.objectContaining({
      code: 'RESTRICTED',
      message: expect.stringContaining('because'),
      details: expect.objectContaining({
        reason: 'DEGRADED_MODE',
        state: 'read_only',
        next: expect.stringContaining('Wait'),
      }),
    }),
  );
});

test('a mode binds until its end and not at it', () => {
  expect(modeAt(policy('read_only', until(1)), NOW)).toBe('read_only');
  expect(modeAt(policy('read_only', NOW), NOW)).toBe('normal');
  expect(modeAt(policy('read_only', until(-1)), NOW)).toBe('normal');
  expect(modeAt(policy('read_only'), new Date('2199-01-01T00:00:00Z'))).toBe('read_only');
});

test.each([
  undefined,
  null,
  'normal',
  [],
  {},
  { ...NORMAL, version: 2 },
  { ...NORMAL, more: 1 },
  { version: 1, mode: 'normal' },
])('a policy stored as %j refuses guarded writes', (stored) => {
  expect(() => refuseRestrictedWrite(stored, NOW)).toThrow(
    expect.objectContaining({ details: expect.objectContaining({ reason: 'POLICY_UNAVAILABLE' }) }),
  );
});
