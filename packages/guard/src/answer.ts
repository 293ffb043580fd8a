import type { GuardReason } from '@muster/contract/errors';
import type { Mode } from '@muster/contract/modes';
import type { Decision, GuardRequest } from './decision';
import type { Restriction } from './policy-document';
import { refusalFor } from './decision-refusal';

/** What forbids: a kill switch, a mode, or a connector that is out. */
export interface RestrictionView {
  kind: Restriction['kind'];
  name: string;
  since: string | null;
  until: string | null;
  reason: string | null;
  activation: string | null;
}

/** The answer to a question. `mode` is told so that a product can do with less in `degraded`, which forbids nothing. */
export type GuardAnswer =
  | { allowed: true; mode: Mode }
  | { allowed: false; reason: GuardReason; message: string; next: string; restriction: RestrictionView | null };

/** A decision in the words of its refusal. */
export const toAnswer = (request: Pick<GuardRequest, 'capability'>, decision: Decision): GuardAnswer => {
  if (decision.allowed) return decision;
  const { message, details } = refusalFor(request, decision);
  const { restriction } = decision;
  return {
    allowed: false,
    reason: decision.reason,
    message,
    next: details.next ?? '',
    restriction: restriction
      ? {
          kind: restriction.kind,
          name: restriction.name,
          since: restriction.since?.toISOString() ?? null,
          until: restriction.until?.toISOString() ?? null,
          reason: restriction.reason,
          activation: restriction.activation,
        }
      : null,
  };
};
