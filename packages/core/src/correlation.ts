import { redactText } from './redaction/redaction';

/** Under what a request is found again: the id that Muster gave it, and the caller's own where one was sent. */
export interface RequestIds {
  /** Always Muster's: no caller chooses it, so it can join nobody to the requests of others. */
  correlationId: string;
  callerRequestId?: string | null | undefined;
}

/**
 * The caller's own id for this request, or null when none came that is one. It may say anything about a person, so it is kept
 * as what is personal. One that looks like a secret is not stored: someone's client put the wrong thing there.
 */
export const callerRequestIdFrom = (header: string | undefined): string | null =>
  header !== undefined && /^[A-Za-z0-9._:-]{1,128}$/u.test(header) && redactText(header) === header ? header : null;
