import { auditEntryId, drillId } from '@muster/contract/values';
import { callerRequestIdFrom } from './correlation';
import { idFrom, randomIds } from './ids';

test('ids fit their contract and do not repeat', () => {
  const made = Array.from({ length: 5_000 }, () => randomIds('drl'));
  expect(new Set(made).size).toBe(made.length);
  expect(made.every((id) => drillId.safeParse(id).success)).toBe(true);
});

test('an id made from words is the same for the same words and no others', () => {
  expect(idFrom('aud', 'a', 'b')).toBe(idFrom('aud', 'a', 'b'));
  expect(idFrom('aud', 'a', 'b')).not.toBe(idFrom('aud', 'ab', ''));
  expect(auditEntryId.safeParse(idFrom('aud', 'x')).success).toBe(true);
});

test.each(['req-1', 'A:b.c_d-e', 'x'.repeat(128)])('an id of the caller %j is taken', (header) => {
  expect(callerRequestIdFrom(header)).toBe(header);
});

test.each([undefined, '', 'x'.repeat(129), 'a b', 'a\r\nset-cookie: x', '<script>', 'ü', 'AKIAIOSFODNN7EXAMPLE'])(
  '%j is none',
  (header) => {
    expect(callerRequestIdFrom(header)).toBeNull();
  },
);

test.each(['policy_expire@2026-03-31T09:00:00.000Z', 'audit_sealing@x'])(
  'no caller can send the id %j of a job',
  (header) => {
    expect(callerRequestIdFrom(header)).toBeNull();
  },
);
