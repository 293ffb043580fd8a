import { action } from '../declaration';
import type { Experiment } from '../experiment';
import { raceFunctions, raceMethod } from '../race';
import { BYSTANDER_ANSWERS, declared, GUARD_LETS, recovered, scopeFunctions } from '../scope-functions';
import { mustBeDone, type Answered } from '../target';
import type { Run } from '../run/run-context';

const LIFETIME_MS = 10 * 60_000;

/** An agent writes by a delegation while it is revoked: nothing that it does commits after that. */
export const delegationRace: Experiment = {
  name: 'delegation-race',
  declaration: declared({
    experiment: 'delegation-race',
    title: 'A delegation that was revoked lets nothing through any more',
    description:
      'An agent, who is nobody, writes for the caller by a delegation, without a pause. The delegation is revoked. No write of the agent commits after that, and each is refused for that reason; the caller itself goes on.',
    tags: ['delegation', 'agents', 'race', 'law-2'],
    steady: {
      title: 'Writes of the scope pass, and so does what is outside of it',
      probes: [BYSTANDER_ANSWERS, GUARD_LETS],
    },
    method: [
      action('delegate chaos.<scope>.write to chaos-<scope>', 'grant'),
      ...raceMethod({
        writes: 'the agent writes by its delegation',
        brake: 'revoke the delegation',
        refusal: 'DELEGATION_REVOKED',
        operations: ['delegations-revoke'],
      }),
    ],
    rollbacks: [
      action('delegate anew, and write until it passes', 'grant_again'),
      action('revoke every delegation of the scope', 'revoke_all'),
    ],
  }),
  bind: (run) => {
    const granted: string[] = [];
    const last = () => granted.at(-1) ?? '';
    const grant = async () => {
      granted.push(await granting(run));
      return { delegation: last() };
    };
    const write = (key: string) =>
      run.target.call('chaos-write', { experimentId: run.experiment.id, key, as: 'agent', delegation: last() });
    return {
      ...scopeFunctions(run),
      ...raceFunctions(run, {
        ways: [{ name: 'agent', refusal: 'DELEGATION_REVOKED', write }],
        set: (correlationId) => revoking(run, last(), correlationId),
      }),
      grant,
      async grant_again() {
        const since = run.now();
        await grant();
        const writes = async () => [await run.attempt('agent', () => write(run.unique('again')))];
        return { recovered: await recovered(run, since, writes), recoveryMs: run.measured.recoveryMs };
      },
      async revoke_all() {
        for (const id of granted) mustBeDone('delegations-revoke', await revoking(run, id));
        return { revoked: granted };
      },
    };
  },
};

const granting = async ({ target, names, experiment, backendTime }: Run): Promise<string> => {
  const answered = await target.call('delegations-grant', {
    ...{ agent: names.subject, capabilities: [names.capability] },
    ...{ reason: `chaos experiment ${experiment.id}`, expiresAt: backendTime(LIFETIME_MS) },
  });
  return mustBeDone('delegations-grant', answered).delegation.id;
};

const revoking = (
  { target, experiment }: Run,
  delegationId: string,
  correlationId?: string,
): Promise<Answered<unknown>> =>
  target.call(
    'delegations-revoke',
    { delegationId, reason: `chaos experiment ${experiment.id}` },
    correlationId === undefined ? {} : { correlationId },
  );
