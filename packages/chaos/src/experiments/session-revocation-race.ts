import { probe } from '../declaration';
import type { Experiment } from '../experiment';
import { raceFunctions, raceMethod } from '../race';
import { BYSTANDER_ANSWERS, declared, GUARD_LETS, scopeFunctions } from '../scope-functions';

/** A session is ended while it writes: nothing that it does commits after that. */
export const sessionRevocationRace: Experiment = {
  name: 'session-revocation-race',
  declaration: declared({
    experiment: 'session-revocation-race',
    title: 'A session that was ended writes nothing any more',
    description:
      'Somebody, who is nobody, writes in a session, without a pause. All of its sessions are ended. No write of the session commits after that, and each is refused for that reason; everybody else goes on.',
    tags: ['sessions', 'token-compromise', 'race', 'law-2'],
    steady: {
      title: 'Writes of the scope pass, and so does what is outside of it',
      probes: [BYSTANDER_ANSWERS, GUARD_LETS],
    },
    method: [
      ...raceMethod({
        writes: 'the session of chaos-<scope> writes',
        brake: 'end every session of chaos-<scope>',
        refusal: 'SESSION_REVOKED',
        operations: ['sessions-revoke'],
      }),
      probe('the caller, in a session of its own, writes all the same', 'guarded_write_passes', true),
    ],
    // What was ended stays ended, and is missed by nobody: no one signs in as chaos-<scope>.
    rollbacks: [],
  }),
  bind: (run) => ({
    ...scopeFunctions(run),
    ...raceFunctions(run, {
      ways: [
        {
          name: 'session',
          refusal: 'SESSION_REVOKED',
          write: (key) => run.target.call('chaos-write', { experimentId: run.experiment.id, key, as: 'subject' }),
        },
      ],
      set: (correlationId) =>
        run.target.call(
          'sessions-revoke',
          { uid: run.names.subject, reason: `chaos experiment ${run.experiment.id}` },
          { correlationId },
        ),
    }),
  }),
};
