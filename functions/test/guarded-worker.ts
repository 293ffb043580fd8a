/** A worker of a host product, under the guard, and what happens while it works. */
import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { GuardRequest } from '@muster/guard/decision';
import { documentAt } from '@muster/core/storage/documents';
import { prefetchFor, refuseForbidden } from '@muster/guard/guarded';
import { Meter } from '@muster/core/meter';
import { refusalOf, type Backend } from './harness';

const KIND = 'connector_write';
const shipment = z.strictObject({ attempts: z.int() });

/**
 * Does one guarded write; `between` is awaited after the first decision and before its commit is sent. Answers how
 * often it was decided. Store and guard are the product's own; only what hangs in between is the test's.
 */
export const guardedWrite = (
  { deps }: Pick<Backend, 'deps'>,
  request: GuardRequest,
  between: () => Promise<unknown> = () => Promise.resolve(),
  path = `shipments/${randomUUID()}`,
): Promise<{ attempts: number }> => {
  let attempts = 0;
  return deps.store.change(new Meter(), async (work) => {
    attempts += 1;
    await prefetchFor(work, request, KIND);
    refuseForbidden(work, request, KIND, deps.clock());
    if (attempts === 1) await between();
    work.create(documentAt(path, shipment), { attempts });
    return { attempts };
  });
};

/** The refusal of a write that was allowed at first, and whose commit came after `between`; nothing may be written. */
export const refusedAtCommit = async (
  backend: Pick<Backend, 'deps' | 'firestore'>,
  request: GuardRequest,
  between: () => Promise<unknown>,
): Promise<Awaited<ReturnType<typeof refusalOf>>> => {
  const path = `shipments/${randomUUID()}`;
  let allowed = false;
  const pending = guardedWrite(
    backend,
    request,
    async () => {
      allowed = true;
      await between();
    },
    path,
  );
  const refusal = await refusalOf(pending);
  const { exists } = await backend.firestore.doc(path).get();
  expect({ allowed, written: exists }).toEqual({ allowed: true, written: false });
  return refusal;
};
