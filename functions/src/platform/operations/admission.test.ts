import type { Revocation } from '@muster/guard/revocation';
import { admit, admitByToken } from './admission';

const identity = { uid: 'uid', authTime: 1_000, claimed: ['staff' as const] };
const stored = (validAfterMs: number, ...withdrawn: Revocation['withdrawn']) => ({
  read: async <T>() => ({ validAfter: new Date(validAfterMs), withdrawn }) as T,
});
const refusedFor = (reason: string) => expect.objectContaining({ details: expect.objectContaining({ reason }) });

test('a session begun before the revocation is refused, one begun with it or after it is not', async () => {
  await expect(admit(stored(1_000_001), identity, { who: 'signed-in' })).rejects.toEqual(refusedFor('SESSION_REVOKED'));
  expect(await admit(stored(1_000_000), identity, { who: 'staff' })).toEqual(['staff']);
  expect(await admit({ read: async () => undefined }, identity, { who: 'staff' })).toEqual(['staff']);
});

test('a role that was withdrawn is refused by what is stored, not yet by the token', async () => {
  expect(() => admitByToken(identity, 'staff')).not.toThrow();
  await expect(admit(stored(0, 'staff'), identity, { who: 'staff' })).rejects.toEqual(refusedFor('ROLE_MISSING'));
  expect(() => admitByToken(identity, 'admin')).toThrow(refusedFor('ROLE_MISSING'));
});
