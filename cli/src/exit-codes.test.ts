import { ERROR_TABLE, type ErrorCode } from '@muster/contract';
import { EXIT, EXIT_CODES_HELP, exitCodeOf } from './exit-codes';

test('every refusal has its code, and none is success', () => {
  const codes = Object.keys(ERROR_TABLE).map((code) => [
    code,
    exitCodeOf({ code: code as ErrorCode, isNotContained: false }),
  ]);
  expect(Object.fromEntries(codes)).toEqual({
    ...{ INVALID_ARGUMENT: 2, PAYLOAD_TOO_LARGE: 2, UNAUTHENTICATED: 3, PERMISSION_DENIED: 4 },
    ...{ NOT_DELEGATED: 4, NOT_FOUND: 5 },
    ...{ CONFLICT: 6, RESTRICTED: 6, CONTENTION: 7, RATE_LIMITED: 7, UNAVAILABLE: 7, INTERNAL: 1 },
  });
});

test('the help lists every exit code', () => {
  const listed = [...EXIT_CODES_HELP.matchAll(/^ {2}(\d+) /gmu)].map(([, code]) => Number(code));
  expect(listed).toEqual(Object.values(EXIT));
});
