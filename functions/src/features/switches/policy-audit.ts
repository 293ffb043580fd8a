import type { AuditDraft } from '../../platform/change';

const TARGET = 'policy/current';

/** Existing clients ask for these by name, and for the fields in `metadata`. */
export const modeEntered = (mode: string, words: Words): AuditDraft => entry('entered', mode, words);
export const modeExited = (mode: string, words: Words): AuditDraft => entry('exited', mode, words);

export interface Words {
  reason: string | undefined;
  details: string | undefined;
  rationale?: string | undefined;
  until?: Date | null;
  renewed?: boolean;
  replaced?: string | null;
}

const entry = (status: 'entered' | 'exited', mode: string, words: Words): AuditDraft => ({
  action: `studio_ops.degraded_mode_${status}`,
  target: TARGET,
  rationale: words.rationale ?? words.reason,
  metadata: {
    status,
    mode,
    reason: words.reason ?? null,
    details: words.details ?? null,
    ...(words.until ? { until: words.until.toISOString() } : {}),
    ...(words.renewed ? { renewed: true } : {}),
    ...(words.replaced ? { replaced: words.replaced } : {}),
  },
});
