import type { Ids } from './ids';

/** The caller's own id for this request if it is one, else a new one; it is answered and stands in the audit. */
export const correlationIdFrom = (header: string | undefined, ids: Ids): string =>
  header !== undefined && /^[A-Za-z0-9._:-]{1,128}$/u.test(header) ? header : ids('req');
