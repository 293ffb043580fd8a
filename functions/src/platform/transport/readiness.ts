import packageJson from '../../../package.json';
import type { OpenRoute } from './api';
import { BEGIN_ANEW, FORMER_RELEASE_STANDS, isFormerPolicy } from '@muster/contract/former-release';
import { formerPolicyAt, policyAsStored } from '@muster/guard/policy-document';
import { errorFields } from '@muster/core/log';
import { Meter } from '@muster/core/meter';
import type { Adapters } from '../operations/adapters';

/** Anyone may ask, so asking often must not cost a read each time. */
const REMEMBERED_MS = 5_000;

/** `/api/healthz`: this code runs. `/api/readyz`: and it reaches Firestore, where no other release stands. Neither says more. */
export const readiness = (deps: () => Adapters): OpenRoute[] => {
  let last: { at: number; trouble: Promise<string | undefined> } | undefined;

  const trouble = (): Promise<string | undefined> => {
    const now = deps().clock().getTime();
    if (!last || now - last.at >= REMEMBERED_MS) last = { at: now, trouble: troubleOf(deps()) };
    return last.trouble;
  };
  return [
    { path: '/api/healthz', answer: async () => ({ status: 200, body: { ok: true, version: packageJson.version } }) },
    {
      path: '/api/readyz',
      answer: async () => {
        const message = await trouble();
        return message === undefined
          ? { status: 200, body: { ok: true } }
          : { status: 503, body: { ok: false, message } };
      },
    },
  ];
};

/** What keeps guarded writes from being made, in words that anyone may read. */
const troubleOf = async (deps: Adapters): Promise<string | undefined> => {
  try {
    const work = deps.store.read(new Meter());
    if ((await work.read(policyAsStored())) !== undefined || !isFormerPolicy(await work.read(formerPolicyAt()))) {
      return undefined;
    }
    deps.log.critical(FORMER_RELEASE_STANDS, { next: BEGIN_ANEW });
    return `${FORMER_RELEASE_STANDS} ${BEGIN_ANEW}`;
  } catch (error) {
    deps.log.error('Firestore does not answer', errorFields(error));
    return 'Firestore does not answer. Guarded writes are refused.';
  }
};
