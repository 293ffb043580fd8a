import type { ErrorCode, ErrorDetails } from '@muster/contract/errors';

/** How long whoever was refused for too many waits, in whole seconds, as HTTP says it; undefined for any other refusal. */
export const waitFor = (
  { code, tryAgainAt }: { code: ErrorCode } & Pick<ErrorDetails, 'tryAgainAt'>,
  now: Date,
): { reasonCode: 'RATE_LIMITED'; retryAfterSeconds: number } | undefined => {
  if (code !== 'RATE_LIMITED') return undefined;
  const waitMs = tryAgainAt === undefined ? 0 : new Date(tryAgainAt).getTime() - now.getTime();
  return { reasonCode: 'RATE_LIMITED', retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)) };
};
