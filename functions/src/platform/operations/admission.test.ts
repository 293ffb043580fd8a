import type { Revocation } from '@muster/guard/revocation';
import { admit, admitByToken } from './admission';

const identity = { uid: 'uid', authTime: 1_000, claimed: ['staff' as const] };
const call = { identity, confirmed: Promise.resolve() };
const stored = (validAfterMs: number, ...withdrawn: Revocation['withdrawn']) => ({
  read: async <T>() => ({ validAfter: new Date(validAfterMs), withdrawn }) as T,
});
const refusedFor = (reason: string) => expect.objectContaining({ details: expect.objectContaining({ reason }) });

test('a session begun before the revocation is refused, one begun with it or after it is not', async () => {
  await expect(admit(stored(1_000_001), call, { who: 'signed-in' })).rejects.toEqual(refusedFor('SESSION_REVOKED'));
  expect(await admit(stored(1_000_000), call, { who: 'staff' })).toEqual(['staff']);
  expect(await admit({ read: async () => undefined }, call, { who: 'staff' })).toEqual(['staff']);
});

test('a role that was withdrawn is refused by what is stored, not yet by the token', async () => {
  expect(() => admitByToken(identity, 'staff')).not.toThrow();
  await expect(admit(stored(0, 'staff'), call, { who: 'staff' })).rejects.toEqual(refusedFor('ROLE_MISSING'));
  expect(() => admitByToken(identity, 'admin')).toThrow(refusedFor('ROLE_MISSING'));
});

test('whom Firebase Auth refuses is not let in, whatever is stored; nor is anybody before it has answered', async () => {
  let refuse: (error: Error) => void = () => undefined;
  const confirmed = new Promise<void>((_, reject) => (refuse = reject));
  let isLetIn: boolean | undefined;
  const asked = admit(stored(0), { identity, confirmed }, { who: 'staff' }).then(
    () => (isLetIn = true),
    () => (isLetIn = false),
  );
  await new Promise(setImmediate);
  expect(isLetIn).toBeUndefined();
  refuse(new Error('this user is disabled'));
  await asked;
  expect(isLetIn).toBe(false);
});
