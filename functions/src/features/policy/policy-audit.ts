import type { AuditDraft } from '@muster/core/audit/audit-draft';
import { logicalName, paths } from '@muster/core/storage/paths';
import type { PolicyDocument } from '@muster/guard/policy-document';

const TARGET = 'policy/current';

export interface Words {
  reason: string | undefined;
  details: string | undefined;
  rationale?: string | undefined;
  until?: Date | null;
  renewed?: boolean;
  replaced?: string | null;
  /** Who asked for the end that a second person carried out. */
  requestedBy?: string | undefined;
  breakGlass?: boolean;
}

const modeEntry = (action: string, status: string, mode: string, words: Words): AuditDraft => ({
  action,
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
    ...(words.requestedBy ? { requestedBy: words.requestedBy } : {}),
    ...(words.breakGlass ? { breakGlass: true } : {}),
  },
});

/** Existing clients ask for these by name, and for the fields in `metadata`. */
export const modeEntered = (mode: string, words: Words): AuditDraft =>
  modeEntry('studio_ops.degraded_mode_entered', 'entered', mode, words);
export const modeExited = (mode: string, words: Words): AuditDraft =>
  modeEntry('studio_ops.degraded_mode_exited', 'exited', mode, words);
export const modeEndRequested = (mode: string, activation: string, words: Words): AuditDraft => ({
  ...modeEntry('studio_ops.degraded_mode_exit_requested', 'exit_requested', mode, words),
  target: logicalName(paths.activation(activation)),
});

/** What is said of a kill switch; `capability` is the name that is killed. */
export interface Switched {
  capability: string;
  /** What was asked for, where there was no room for it and `capability` was killed instead. */
  asked?: string;
  reason: string;
  activation: string | null;
  until?: Date | null;
  renewed?: boolean;
  requestedBy?: string | undefined;
  breakGlass?: boolean;
  expired?: boolean;
  incident?: string | null;
}

const switchEntry =
  (action: string) =>
  ({ reason, until, ...rest }: Switched): AuditDraft => ({
    action: `capability.policy.${action}`,
    target: TARGET,
    rationale: reason,
    ...(rest.incident ? { incidentId: rest.incident, severity: 'P0' as const } : {}),
    metadata: {
      ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== false && value !== null)),
      ...(until ? { until: until.toISOString() } : {}),
    },
  });

export const switchEnabled = switchEntry('kill_switch_enabled');
export const switchDisabled = switchEntry('kill_switch_disabled');
/** Nothing has changed in the policy: the first of two persons is noted in the record of the activation. */
export const switchEndRequested = (what: Switched & { activation: string }): AuditDraft => ({
  ...switchEntry('kill_switch_restore_requested')(what),
  target: logicalName(paths.activation(what.activation)),
});

/** A policy that was missing, damaged or of an earlier version was stored again, as restricted as before. */
export const policyRebuilt = ({ mode, killSwitches, offline }: PolicyDocument): AuditDraft => ({
  action: 'capability.policy.rebuilt',
  target: TARGET,
  metadata: { mode: mode.name, killSwitches: Object.keys(killSwitches), offline: Object.keys(offline) },
});
