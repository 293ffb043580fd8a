/** Exemptions as their tests grant and revoke them: ada may plan a drill for a day, whatever is killed. */
import type { PolicyDocument } from '@muster/guard/policy-document';
import { grantExemption, revokeExemption } from '../src/features/exemptions';
import { killCapability } from '../src/features/policy';
import { as, HOUR, SCENARIO_ID, START } from './harness';
import type { Watched } from './watched-backend';

export const DAY = 24 * HOUR;
export const at = (ms: number) => new Date(START.getTime() + ms).toISOString();
export const CAPABILITY = 'muster.drills.schedule';
export const why = { justification: 'the auditors come today' };
export const valid = { owner: 'uid-ada', capability: CAPABILITY, ...why, until: at(DAY) };
export const plan = { scenarioId: SCENARIO_ID, dueAt: at(DAY) };
export const ada = as('staff', 'uid-ada');

/** On a backend that a test begins with later. */
export const exempting = (watched: () => Watched) => {
  const policy = async () =>
    (await watched().backend.firestore.doc('muster_policy/current').get()).data() as PolicyDocument;
  return {
    policy,
    kill: (capability: string) => watched().call(killCapability, { capability, reason: 'it misbehaves badly' }),
    grant: async (put: object = {}) => (await watched().call(grantExemption, { ...valid, ...put })).exemption,
    revoke: (exemptionId: string) => watched().call(revokeExemption, { exemptionId, reason: 'they have gone' }),
    /** The restrictions that someone is exempt from: the mode, or what is killed. */
    holders: async () => {
      const { mode, killSwitches } = await policy();
      return Object.entries({ mode, ...killSwitches })
        .filter(([, { exemptions }]) => Object.keys(exemptions).length > 0)
        .map(([name]) => name);
    },
  };
};
