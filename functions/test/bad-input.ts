/** Bad input, kind by kind: each is refused by the name of the field that is wrong, and changes nothing. */
import type { Call } from '../src/platform/operations/operation';
import { as } from './harness';
import type { Watchable, Watched } from './watched-backend';

/** What is wrong in words, what is put into a valid input, and the field that the refusal must name. */
export type BadInput = [wrong: string, put: Record<string, unknown>, field: string];

export const expectBadInputIsNamed = async (
  watched: Watched,
  operation: Watchable<unknown>,
  valid: object,
  kinds: readonly BadInput[],
  call: Call = as('staff'),
): Promise<void> => {
  const named: string[] = [];
  for (const [wrong, put] of kinds) {
    const refusal = await watched.refused(operation, withoutUndefined({ ...valid, ...put }), call);
    const fields = (refusal.details['fields'] ?? []) as { field: string }[];
    named.push(`${wrong}: ${refusal.code} ${fields.map(({ field }) => field).join(',')}`);
  }
  expect(named).toEqual(kinds.map(([wrong, , field]) => `${wrong}: INVALID_ARGUMENT ${field}`));
};

/** A field that is put as undefined is left out. */
const withoutUndefined = (input: object): object =>
  Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));

/** What no changing operation takes. */
export const NEVER: readonly BadInput[] = [
  ['a key that is not in the contract', { surprise: 1 }, 'surprise'],
  ['a requestId with a space', { requestId: 'a b' }, 'requestId'],
  ['an empty requestId', { requestId: '' }, 'requestId'],
  ['a requestId that is a number', { requestId: 7 }, 'requestId'],
  ['a requestId of 129 characters', { requestId: 'x'.repeat(129) }, 'requestId'],
];
