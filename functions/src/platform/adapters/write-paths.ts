/** The two writePaths that a product's writes go through, for whoever tries whether they close. */
import { CAPABILITY_CATALOG, classIn } from '@muster/contract/capabilities';
import { guardedRun, type Guard } from '@muster/guard/guard';
import type { RefusalCounter } from '@muster/guard/refusal-counter';
import { toRestFields } from '@muster/core/storage/rest-values';
import type { FirestoreEndpoint } from '@muster/core/storage/verify-protocol';
import type { Clock } from '@muster/core/clock';
import type { Ids } from '@muster/core/ids';
import { errorFields, type Log } from '@muster/core/log';
import type { Store } from '@muster/core/storage/store';

/** `unclear`: no answer, or one that is neither; `said` tells which. */
export type RulesAnswer = { answer: 'taken' | 'refused' | 'unclear'; said: string };

/** Firestore as a web client has it: security rules decide. */
export interface RulesPath {
  /** Creates a document without any credentials. Never throws. */
  create(path: string, data: Record<string, unknown>): Promise<RulesAnswer>;
}

export interface WritePaths {
  rules: RulesPath;
  /** `run` of the guard that products have. What it refuses here is not counted: whoever tries the door says so itself. */
  guard: Pick<Guard, 'run'>;
}

/** Longer than any healthy write takes. */
const DEADLINE_MS = 5_000;

const UNCOUNTED: RefusalCounter = { record: async () => {} };

export const writePathsOver = (
  deps: { store: Store; clock: Clock; ids: Ids; log: Log },
  endpoint: () => Pick<FirestoreEndpoint, 'origin' | 'projectId' | 'databaseId' | 'send'>,
): WritePaths => ({
  guard: { run: guardedRun({ ...deps, refusals: UNCOUNTED }, (capability) => classIn(CAPABILITY_CATALOG, capability)) },
  rules: {
    async create(path, data) {
      try {
        const { origin, projectId, databaseId, send } = endpoint();
        const slash = path.lastIndexOf('/');
        const parent = `${origin}/v1/projects/${projectId}/databases/${databaseId}/documents/${path.slice(0, slash)}`;
        const response = await send(`${parent}?documentId=${encodeURIComponent(path.slice(slash + 1))}`, {
          method: 'POST',
          // No authorization: with the backend's own, rules would not be asked.
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ fields: toRestFields(data) }),
          signal: AbortSignal.timeout(DEADLINE_MS),
        });
        if (response.ok) return { answer: 'taken', said: 'taken' };
        const refused = response.status === 403 && (await response.text()).includes('PERMISSION_DENIED');
        return { answer: refused ? 'refused' : 'unclear', said: `status ${response.status}` };
      } catch (error) {
        deps.log.error('a write through the security rules had no answer', { path, ...errorFields(error) });
        return { answer: 'unclear', said: 'no answer' };
      }
    },
  },
});
