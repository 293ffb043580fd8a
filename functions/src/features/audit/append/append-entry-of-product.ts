import * as z from 'zod';
import type { RequestOf } from '@muster/contract/operations';
import { badInput, MusterError } from '@muster/core/errors';
import { redactText } from '@muster/core/redaction/redaction';
import { documentAt } from '@muster/core/storage/documents';
import { paths } from '@muster/core/storage/paths';
import type { Work } from '@muster/core/storage/work';
import { changed } from '../../../platform/operations/change';
import { defineChange } from '../../../platform/operations/define-change';
import { recentAppendsAt, withAnother } from './recent-appends';

/**
 * `audit-append`: an entry that the product writes, of something that it did itself. The entry is that of the change, as with
 * every other; what is changed is how many the caller has appended lately. Not guarded: what is restricted goes on being
 * recorded.
 */
export const appendEntryOfProduct = defineChange('audit-append', {
  guarded: false,
  cost: { reads: 3, writes: 2 },
  async decide({ work, now, identity, limits, entryId }, input) {
    const { requestId: _, ...said } = input;
    refuseUndeclared(said.action, limits.auditNamespaces);
    refuseSecretIn(said.action);
    const address = recentAppendsAt(identity.uid);
    await work.prefetch([address, ...placesOf(input)]);
    await refuseUnknown(work, input);
    work.write(address, withAnother(await work.read(address), now));
    // Law 7: what belongs to a drill is marked.
    return changed(
      { entryId, at: now.toISOString() },
      { ...said, target: redactText(said.target), exercise: said.drillId !== undefined },
    );
  },
});

/** Whatever it holds: that it is there is all that is asked. */
const drillOf = (id: string) => documentAt(paths.drill(id), z.unknown());
const incidentOf = (id: string) => documentAt(paths.incident(id), z.unknown());

/** What an entry says that it belongs to. */
type Belonging = Pick<RequestOf<'audit-append'>, 'drillId' | 'incidentId'>;

const placesOf = ({ drillId, incidentId }: Belonging) => [
  ...(drillId === undefined ? [] : [drillOf(drillId)]),
  ...(incidentId === undefined ? [] : [incidentOf(incidentId)]),
];

/** An entry of a drill that is none would be found by nobody who looks at drills, and by whoever makes one up as proof. */
const refuseUnknown = async (work: Pick<Work, 'read'>, { drillId, incidentId }: Belonging): Promise<void> => {
  if (drillId !== undefined && (await work.read(drillOf(drillId))) === undefined) throw unknown('drill', 'drillId');
  if (incidentId !== undefined && (await work.read(incidentOf(incidentId))) === undefined) {
    throw unknown('incident', 'incidentId');
  }
};

const unknown = (what: 'drill' | 'incident', field: string): MusterError =>
  new MusterError('NOT_FOUND', `There is no ${what} with this id. Nothing was appended.`, {
    reason: what === 'drill' ? 'UNKNOWN_DRILL' : 'UNKNOWN_INCIDENT',
    fields: [{ field, problem: `no ${what} has this id` }],
    next: `Take the id from the ${what}, or leave it out.`,
  });

const refuseUndeclared = (action: string, namespaces: readonly string[]): void => {
  if (namespaces.some((name) => action.startsWith(`${name}.`))) return;
  const declared = namespaces.length === 0 ? 'none is' : `declared are: ${namespaces.join(', ')}`;
  throw badInput([
    {
      field: 'action',
      problem: `not in a namespace that MUSTER_AUDIT_NAMESPACES declares, with a dot after it; ${declared}`,
    },
  ]);
};

/** An action is stored as it is, because entries are asked for by it: it must not be what the door would take out. */
const refuseSecretIn = (action: string): void => {
  if (redactText(action) === action) return;
  throw badInput([{ field: 'action', problem: 'it looks like a secret; an action is a name of what was done' }]);
};
