import { action, probe } from '../declaration';
import type { Experiment } from '../experiment';
import { FORGERIES } from '../forged-tokens';
import { notApplicable, type Run } from '../run/run-context';
import { BYSTANDER_ANSWERS, declared, GUARD_LETS, passes, scopeFunctions, WARM_UP } from '../scope-functions';
import { mustBeDone } from '../target';

const ROUTE = '/api/ops/audit?limit=1';

/** Tokens that nobody issued are refused at both doors, and change nothing. */
export const forgery: Experiment = {
  name: 'forgery',
  declaration: declared({
    experiment: 'forgery',
    title: 'A token that nobody issued opens no door',
    description:
      'Bad tokens, each a good one with one change, try to kill in the scope by a callable and to read by the HTTP API. Each is refused as not signed in, and nothing is changed. What an emulator cannot tell from a good token is not tried there, and said not to apply.',
    tags: ['tokens', 'authentication'],
    steady: {
      title: 'Who has a good token is let in, by both doors',
      probes: [BYSTANDER_ANSWERS, GUARD_LETS, probe('the HTTP API lets the caller in', 'api_lets_in', true)],
    },
    method: [
      WARM_UP(['policy-kill', 'policy-ledger', 'audit-query']),
      action('forge', 'begin'),
      ...FORGERIES.map(({ name }) => probe(`doors that a token opens: ${name}`, 'doors_opened', 0, { forgery: name })),
      probe('activations of chaos.<scope> after all of them', 'activations', 0),
      probe('audit entries of them, but for refusals', 'entries', 0),
    ],
    rollbacks: [],
  }),
  bind: (run) => {
    const { measured } = run;
    const correlationId = `${run.experiment.id}.forged`;
    const opens = async (authorization: string | null): Promise<string[]> => {
      const options = { authorization, correlationId };
      const [called, asked] = [
        await run.attempt('callable', () => run.target.call('policy-kill', killing(run), options)),
        await run.attempt('http', () => run.target.get(ROUTE, options)),
      ];
      measured.moments.detected ??= called.endedAt;
      measured.moments.acknowledged ??= called.endedAt;
      measured.moments.contained = asked.endedAt;
      return [called, asked].filter(({ done, reason }) => done || !REFUSALS.includes(reason ?? '')).map(toldOf);
    };
    return {
      ...scopeFunctions(run),
      api_lets_in: async () => passes(await run.target.get(ROUTE)),
      async begin() {
        measured.failure = { from: run.now(), to: null };
      },
      async doors_opened({ forgery: name }) {
        const forged = FORGERIES.find((one) => one.name === name);
        if (!forged) throw new Error(`there is no forgery ${JSON.stringify(name)}`);
        const { unknownToEmulator } = forged;
        if (run.target.emulated && unknownToEmulator !== undefined) return notApplicable(unknownToEmulator);
        const opened = await opens(forged.authorization(await run.target.token(), new Date(run.now())));
        measured.fallbacks.due += 2;
        measured.fallbacks.activated += 2 - opened.length;
        return { value: opened.length, opened };
      },
      async activations() {
        const answered = await run.target.call('policy-ledger', { name: run.names.killed });
        return mustBeDone('policy-ledger', answered).activations.length;
      },
      async entries() {
        if (measured.failure) measured.failure.to ??= run.now();
        const answered = await run.target.call('audit-query', { correlationId, limit: 50 });
        // That somebody who does not exist was refused is counted, and the first of a minute is an entry; that the account is gone
        // is noted. Neither is something that a forged token did.
        return mustBeDone('audit-query', answered).entries.filter(
          (entry) => entry.outcome !== 'refused' && entry.action !== 'accounts.gone',
        ).length;
      },
    };
  },
};

/** "Not signed in", however it is put: the first is the callable protocol's own. */
const REFUSALS = ['UNAUTHENTICATED', 'NO_TOKEN', 'BAD_TOKEN', 'USER_DELETED'];

const toldOf = ({ way, done, reason }: { way: string; done: boolean; reason: string | null }): string =>
  `${way}: ${done ? 'let in' : (reason ?? 'refused')}`;

/** In the scope: should a forgery get through, it hurts nothing, and is undone with the experiment. */
const killing = ({ names, experiment, backendTime }: Run) => ({
  ...{ capability: names.killed, reason: `chaos experiment ${experiment.id}, with a forged token` },
  until: backendTime(5 * 60_000),
});
