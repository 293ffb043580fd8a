/** What every changing operation owes to a `requestId`; each operation's test calls this once. */
import { as } from './harness';
import type { Watchable, Watched } from './watched-backend';

/** An answer as it is given again under its requestId: one call changed something, and this one did not. */
export const givenAgain = (answer: unknown): object => ({
  ...(answer as object),
  ...('changed' in (answer as object) ? { changed: false } : {}),
  repeated: true,
});

/** All but what says which of several same calls it was that did it. */
export const withoutMark = (answer: unknown): object => {
  const { changed: _changed, repeated: _repeated, ...rest } = answer as Record<string, unknown>;
  return rest;
};

export const expectRequestIdsAreKept = async <Result>(
  watched: Watched,
  operation: Watchable<Result>,
  /** A valid input without a requestId, and another one; each call makes a record that can be acted on. */
  inputs: { one: object; other: object; forAnotherUser: object },
  role: 'staff' | 'admin' | 'recorder' = 'staff',
): Promise<void> => {
  const requestId = `${operation.name}:1`;
  const first = await watched.call(operation, { ...inputs.one, requestId }, as(role));

  const again = await watched.call(operation, { ...inputs.one, requestId }, as(role));
  expect(again).toEqual(givenAgain(first));
  expect(watched.changedSomething()).toBe(false);

  const refusal = await watched.refused(operation, { ...inputs.other, requestId }, as(role));
  expect(refusal).toMatchObject({
    code: 'CONFLICT',
    details: { reason: 'REQUEST_ID_REUSED', fields: [{ field: 'requestId' }] },
  });

  await watched.call(operation, { ...inputs.forAnotherUser, requestId }, as(role, `uid-${role}-two`));
  expect(watched.changedSomething()).toBe(true);
};
