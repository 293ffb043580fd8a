import { isIP } from 'node:net';

/** As much of a request as says where it came from. */
interface Received {
  header(name: string): string | undefined;
  socket?: { remoteAddress?: string | undefined } | undefined;
}

/**
 * The address that a request came from, or undefined. Google's front end adds the one that it saw at the end of
 * `X-Forwarded-For`; whatever stands before that was sent by the caller, and may say anything.
 */
export const addressOf = (request: Received): string | undefined => {
  const forwarded = request.header('x-forwarded-for')?.split(',').at(-1)?.trim();
  const address = forwarded === undefined || forwarded === '' ? request.socket?.remoteAddress : forwarded;
  const plain = address?.replace(/^::ffff:(?=\d)/u, '').toLowerCase();
  return plain !== undefined && isIP(plain) !== 0 ? plain : undefined;
};
