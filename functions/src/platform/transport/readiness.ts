import packageJson from '../../../package.json';
import type { OpenRoute } from './api';
import { policyAsStored } from '@muster/guard/policy-document';
import { errorFields } from '@muster/core/log';
import { Meter } from '@muster/core/meter';
import type { Adapters } from '../operations/adapters';

/** Anyone may ask, so asking often must not cost a read each time. */
const REMEMBERED_MS = 5_000;

/** `/api/healthz`: this code runs. `/api/readyz`: and it reaches Firestore. Neither says more than that. */
export const readiness = (deps: () => Adapters): OpenRoute[] => {
  let last: { at: number; ready: Promise<boolean> } | undefined;

  const ready = (): Promise<boolean> => {
    const now = deps().clock().getTime();
    if (!last || now - last.at >= REMEMBERED_MS) last = { at: now, ready: reachesFirestore(deps()) };
    return last.ready;
  };
  return [
    { path: '/api/healthz', answer: async () => ({ status: 200, body: { ok: true, version: packageJson.version } }) },
    {
      path: '/api/readyz',
      answer: async () =>
        (await ready())
          ? { status: 200, body: { ok: true } }
          : { status: 503, body: { ok: false, message: 'Firestore does not answer. Guarded writes are refused.' } },
    },
  ];
};

const reachesFirestore = async (deps: Adapters): Promise<boolean> => {
  try {
    await deps.store.read(new Meter()).read(policyAsStored());
    return true;
  } catch (error) {
    deps.log.error('Firestore does not answer', errorFields(error));
    return false;
  }
};
