/** The record of each restriction, changed in the same commit as the policy. */
import * as z from 'zod';
import type { Work } from '@muster/core/storage/work';
import {
  activationAt,
  activationDocument,
  begun,
  ended,
  renewed,
  type ActivationDocument,
  type Ending,
  type Order,
} from '../activation-document';

export type { ActivationEnd } from '../activation-document';

export const beginActivation = (
  work: Pick<Work, 'create'>,
  id: string,
  kind: ActivationDocument['kind'],
  name: string,
  order: Order,
): void => work.create(activationAt(id), begun(kind, name, order));

export const renewActivation = (work: Work, id: string | null, order: Order): Promise<void> =>
  change(work, id, (before) => renewed(before, order));

export const endActivation = (work: Work, id: string | null, ending: Ending): Promise<void> =>
  change(work, id, (before) => ended(before, ending));

/** A record that is missing or damaged is left alone: it must keep nobody from killing, and the audit has it all. */
const change = async (
  work: Work,
  id: string | null,
  after: (before: ActivationDocument) => ActivationDocument,
): Promise<void> => {
  if (id === null) return;
  const stored = await work.read({ ...activationAt(id), schema: z.unknown() });
  const before = activationDocument.safeParse(stored).data;
  if (before) work.write(activationAt(id), after(before));
};
