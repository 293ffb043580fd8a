/** The record of each restriction, changed in the same commit as the policy. */
import * as z from 'zod';
import type { Work } from '@muster/core/storage/work';
import { collections } from '@muster/core/storage/paths';
import {
  activationAt,
  activationDocument,
  begun,
  endAskedOf,
  ended,
  renewed,
  type ActivationDocument,
  type Ending,
  type EndRequest,
  type Order,
} from '../activation-document';

export type { ActivationEnd, EndRequest } from '../activation-document';

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

/** The request to end it that its record holds; none where it has no record that can be read. */
export const endRequestIn = async (work: Pick<Work, 'read'>, id: string | null): Promise<EndRequest | null> =>
  id === null ? null : ((await recordOf(work, id))?.endRequest ?? null);

/** Notes the first of two persons. A record that is missing or damaged is begun anew: a second person must find it there. */
export const askToEnd = async (
  work: Work,
  id: string,
  { kind, name, order }: { kind: ActivationDocument['kind']; name: string; order: Order },
  request: EndRequest,
): Promise<void> =>
  work.write(activationAt(id), endAskedOf((await recordOf(work, id)) ?? begun(kind, name, order), request));

/** More than a policy can hold. */
const MOST_ASKED = 200;

/** All requests to end what stands, by the activation. */
export const endRequests = async (work: Pick<Work, 'find'>): Promise<ReadonlyMap<string, EndRequest>> => {
  const found = await work.find({
    collection: collections.activations,
    schema: activationDocument,
    where: [{ field: 'endAsked', is: '==', value: true }],
    orderBy: [{ field: 'since', direction: 'desc' }],
    limit: MOST_ASKED,
  });
  return new Map(found.flatMap(({ id, data }) => (data.endRequest ? [[id, data.endRequest] as const] : [])));
};

const recordOf = async (work: Pick<Work, 'read'>, id: string): Promise<ActivationDocument | undefined> =>
  activationDocument.safeParse(await work.read({ ...activationAt(id), schema: z.unknown() })).data;

/** A record that is missing or damaged is left alone: it must keep nobody from killing, and the audit has it all. */
const change = async (
  work: Work,
  id: string | null,
  after: (before: ActivationDocument) => ActivationDocument,
): Promise<void> => {
  if (id === null) return;
  const before = await recordOf(work, id);
  if (before) work.write(activationAt(id), after(before));
};
