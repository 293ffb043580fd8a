/** Every brake that can be taken out of a build, one at a time, and what an experiment must find then. */
import type { chaos } from '@muster/contract';
import { NORMAL } from '@muster/guard/policy-document';
import { functionsOf, type Brake } from './broken-build';
import {
  acknowledgedEarly,
  askingHealth,
  believing,
  normalInstead,
  notRestingOn,
  verifying,
  versionOf,
} from './broken-parts';

export interface Removed {
  experiment: chaos.ExperimentName;
  /** What no longer holds. */
  what: string;
  brake: Brake;
  /** Functions of the probes that must say so. */
  found: readonly string[];
}

type Policies = typeof import('@muster/guard/policy-document');
type Delegations = typeof import('@muster/guard/delegation');
type Revocations = typeof import('@muster/guard/revocation');
type Guarded = typeof import('@muster/guard/guarded');
type Requests = typeof import('@muster/functions/platform/operations/request-record');
type Breakers = typeof import('@muster/functions/features/connectors/breaker');
type Steps = typeof import('@muster/functions/features/connectors/queue/delivery-step');
type Permits = typeof import('@muster/functions/features/connectors/queue/permit');

const DELEGATION = '@muster/guard/delegation';
const REVOCATION = '@muster/guard/revocation';
const BREAKER = '@muster/functions/features/connectors/breaker';
const REQUESTS = '@muster/functions/platform/operations/request-record';

/** What a race finds when what should be stopped goes on. */
const BOTH = ['committed_after_brake', 'accepted_after_acknowledgment', 'refused_otherwise'];
/** What is found when a forged token gets in. */
const OPEN = ['doors_opened', 'activations', 'entries'];

export const BRAKES: readonly Removed[] = [
  {
    experiment: 'kill-switch',
    what: 'the guard asks no kill switch',
    brake: functionsOf<Policies>('@muster/guard/policy-document', ({ restrictionsOf }) => ({
      restrictionsOf: (...given) => restrictionsOf(...given).filter(({ kind }) => kind !== 'kill_switch'),
    })),
    found: BOTH,
  },
  {
    experiment: 'kill-switch',
    what: 'rules ask no kill switch',
    brake: {
      rules:
        "(policy.killSwitches.size() == 0\n          || switchesLet(policy.killSwitches, capability, capability.split('[.]')))",
      instead: 'true',
    },
    found: BOTH,
  },
  {
    experiment: 'kill-switch',
    what: 'a kill is acknowledged before it is stored',
    brake: acknowledgedEarly(),
    found: ['accepted_after_acknowledgment', 'refused_otherwise'],
  },
  {
    experiment: 'kill-switch',
    what: 'the policy is checked, then written on',
    brake: notRestingOn('muster_policy/'),
    found: ['committed_after_brake'],
  },
  {
    experiment: 'delegation-race',
    what: 'a revoked delegation still holds',
    brake: functionsOf<Delegations>(DELEGATION, ({ refusedBy }) => ({
      refusedBy: (stored, ...more) =>
        refusedBy(typeof stored === 'object' ? { ...stored, revokedAt: null } : stored, ...more),
    })),
    found: BOTH,
  },
  {
    experiment: 'delegation-race',
    what: 'the delegation is checked, then written on',
    brake: notRestingOn('muster_delegations/'),
    found: ['committed_after_brake'],
  },
  {
    experiment: 'session-revocation-race',
    what: 'a session that was ended still counts',
    brake: functionsOf<Revocations>(REVOCATION, () => ({ hasEnded: () => false })),
    found: BOTH,
  },
  {
    experiment: 'session-revocation-race',
    what: 'the session is checked, then written in',
    brake: notRestingOn('muster_revocations/'),
    found: ['committed_after_brake'],
  },
  {
    experiment: 'replay',
    what: 'request ids are not remembered',
    brake: functionsOf<Requests>(REQUESTS, () => ({ requestRecordFor: () => undefined })),
    found: ['again_is_answered', 'activations', 'guarded_write_passes', 'other_words', 'entries_at_once'],
  },
  {
    experiment: 'replay',
    what: 'an id is taken for a repeat, whatever else it comes with',
    brake: functionsOf<Requests>(REQUESTS, () => ({
      answeredBefore: (_, { response }) => JSON.parse(response) as object,
    })),
    found: ['other_words'],
  },
  { experiment: 'forgery', what: 'any payload is believed', brake: believing, found: OPEN },
  {
    experiment: 'forgery',
    what: 'no token expires',
    brake: verifying((claims) => ({
      ...claims,
      iat: Math.floor(Date.now() / 1000) - 1,
      exp: Math.floor(Date.now() / 1000) + 3600,
    })),
    found: OPEN,
  },
  {
    experiment: 'forgery',
    what: 'a token of any project is one of this',
    brake: verifying((claims, project) => ({
      ...claims,
      aud: project,
      iss: `https://securetoken.google.com/${project}`,
    })),
    found: OPEN,
  },
  {
    experiment: 'policy-outage',
    what: 'a policy that is missing restricts nothing',
    brake: normalInstead((stored) => stored === undefined),
    found: ['not_refused'],
  },
  {
    experiment: 'policy-outage',
    what: 'a policy that is damaged restricts nothing',
    brake: normalInstead((stored) => versionOf(stored) === NORMAL.version),
    found: ['not_refused'],
  },
  {
    experiment: 'policy-outage',
    what: 'a policy of another version restricts nothing',
    brake: normalInstead((stored) => versionOf(stored) === 999),
    found: ['not_refused'],
  },
  {
    experiment: 'policy-outage',
    what: 'a policy that cannot be reached restricts nothing',
    brake: functionsOf<Guarded>('@muster/guard/guarded', ({ prefetchFor, refuseForbidden }) => {
      const unreached = new WeakSet<object>();
      return {
        prefetchFor: (work, ...more) => prefetchFor(work, ...more).catch(() => void unreached.add(work)),
        refuseForbidden: (work, ...more) => (unreached.has(work) ? undefined : refuseForbidden(work, ...more)),
      };
    }),
    found: ['not_refused'],
  },
  {
    experiment: 'connector-storm',
    what: 'the breaker never opens',
    brake: functionsOf<Breakers>(BREAKER, ({ afterResult }) => ({
      afterResult: (...given) => ({ ...afterResult(...given), openedAt: null }),
    })),
    found: ['offline'],
  },
  {
    experiment: 'connector-storm',
    what: 'policy never puts a connector offline',
    brake: functionsOf<Breakers>(BREAKER, () => ({ offlineChange: () => undefined })),
    found: ['offline'],
  },
  {
    experiment: 'connector-storm',
    what: 'what became of a delivery is forgotten once, and it is made again',
    brake: functionsOf<Steps>('@muster/functions/features/connectors/queue/delivery-step', ({ deliveryStep }) => {
      const forgotten = new Set<string>();
      return {
        async deliveryStep(work, round, sent) {
          const isFirst = sent !== undefined && !forgotten.has(round.holder);
          const step = await deliveryStep(work, round, isFirst ? { ...sent, outcomes: [] } : sent);
          if (isFirst) forgotten.add(round.holder);
          return step;
        },
      };
    }),
    found: ['permitted_again'],
  },
  {
    experiment: 'connector-storm',
    what: 'the last that waits is delivered first, and those before it are passed over',
    brake: functionsOf<Permits>('@muster/functions/features/connectors/queue/permit', ({ permitted }) => ({
      mostToLookAt: () => 50,
      permitted: (rest, ...more) => permitted(rest.toReversed(), ...more),
    })),
    found: ['not_in_order'],
  },
  { experiment: 'connector-storm', what: 'health asks the connectors', brake: askingHealth, found: ['health_slower'] },
];
