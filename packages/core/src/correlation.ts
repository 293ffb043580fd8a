import type { Ids } from './ids';
import { redactText } from './redaction/redaction';

/**
 * The caller's own id for this request if it is one, else a new one; it is answered and stands in the audit.
 * An id that looks like a secret is replaced, not stored: someone's client put the wrong thing there.
 */
export const correlationIdFrom = (header: string | undefined, ids: Ids): string =>
  header !== undefined && /^[A-Za-z0-9._:-]{1,128}$/u.test(header) && redactText(header) === header
    ? header
    : ids('req');
