/** What is asked of the outside because somebody wants it now, while everything is killed. */
import { EVERYTHING } from '@muster/contract/capabilities';
import { refusalFor } from '@muster/guard/decision-refusal';
import { restrictionsOf } from '@muster/guard/policy-document';
import { readablePolicy } from '../policy/for-others/current-policy';

/**
 * Refuses while everything is killed. A probe is diagnostic, and no kill switch forbids looking; but its address is one that staff
 * typed, so whoever holds a staff account could go on sending word outside after everything was stopped. The schedule goes on
 * probing what was registered before. No exemption lets anybody through.
 */
export const refuseWhileEverythingIsKilled = (stored: unknown, connectorId: string, now: Date): void => {
  const policy = readablePolicy(stored);
  const capability = `connector.${connectorId}.probe`;
  const [everything] = policy
    ? restrictionsOf(policy, { name: capability, class: 'connector_write' }, now).filter(
        ({ kind, name }) => kind === 'kill_switch' && name === EVERYTHING,
      )
    : [];
  if (!everything) return;
  throw refusalFor({ capability }, { allowed: false, reason: 'BLOCKED_BY_KILL_SWITCH', restriction: everything });
};
