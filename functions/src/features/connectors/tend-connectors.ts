import { bulkhead } from 'cockatiel';
import { changed, unchanged } from '../../platform/operations/change';
import type { Job, JobContext } from '../../platform/operations/job';
import type { OutboundResult } from '../../platform/adapters/outbound';
import type { Stored } from '@muster/core/storage/documents';
import { collections, logicalName } from '@muster/core/storage/paths';
import { policyAsStored, type PolicyDocument } from '@muster/guard/policy-document';
import { afterResult, breakerAt, offlineChange } from './breaker';
import {
  asStored,
  connectorAsStored,
  connectorAt,
  connectorDocument,
  isSameAs,
  MOST_READ,
  type ConnectorDocument,
} from './connector-document';
import { leave, offlineSinceIn, policyIn, settleOffline } from './offline';
import { deliverAll } from './queue/deliver-all';

/** So many are asked at once. */
const AT_ONCE = 10;
/** No probe begins later than this; who was not asked is asked first in the next run. */
const PROBING_TAKES_MS = 25_000;
/** No permit to deliver is given later than this after the beginning: the function ends after 60 s. */
const DELIVERS_UNTIL_MS = 40_000;

/**
 * `connectors-tend`: probes every connector whose breaker lets it, puts connectors offline and online again, and delivers what
 * waits, which has a budget of its own. Findings come in one commit, each change of the policy in one of its own, called for
 * by what is stored: what a run that died has left undone, the next one does.
 */
export const tendConnectors: Job = {
  name: 'connectors_tend',
  schedule: '* * * * *',
  quiet: true,
  cost: { reads: 2, writes: 1, readsPerRow: 5, writesPerRow: 4 },
  async run(context) {
    const deliversUntil = context.clock().getTime() + DELIVERS_UNTIL_MS;
    const { connectors, damaged, policy } = await lookAt(context);
    if (connectors.length + damaged.length === 0 && !policy) return { found: 0, malformed: 0 };

    const probed = await probeDue(context, connectors);
    const tended = await storeFindings(context, connectors, probed);
    const settled = await settleEach(context, tended, policy);
    const removed = await leaveRemoved(context, [...connectors.map(({ id }) => id), ...damaged], policy);
    const ids = connectors.map(({ id }) => id);
    const sent = await deliverAll(context, ids, deliversUntil);

    const malformed = damaged.length + (policy ? 0 : 1);
    return { found: tended.length + damaged.length, probed: probed.size, ...settled, removed, ...sent, malformed };
  },
};

type StoredConnector = Stored<ConnectorDocument>;

/** What there is. One damaged record keeps nobody from seeing to the others; it is in the log by its path. */
const lookAt = async ({ log, change }: JobContext) => {
  const connectors: StoredConnector[] = [];
  const damaged: string[] = [];
  let policy: PolicyDocument | undefined;
  await change('look', async (work) => {
    const [read, found] = await Promise.all([
      policyIn(work),
      work.find({
        collection: collections.connectors,
        schema: asStored,
        where: [],
        orderBy: [],
        limit: MOST_READ,
      }),
    ]);
    policy = read;
    for (const one of found) {
      const { success, data } = connectorDocument.safeParse(one.data);
      if (success) connectors.push({ ...one, data });
      else damaged.push(one.id);
    }
    return unchanged(false);
  });
  if (!policy && connectors.length > 0) {
    log.critical('no connector can be put offline or online: the policy is missing or damaged', {
      next: 'Any change of it rebuilds it: docs/runbooks/kill-switch.md.',
    });
  }
  for (const id of damaged) {
    log.error('the record of a connector is not what it should be, and it is not probed', { connector: id });
  }
  return { connectors, damaged, policy };
};

/** Who was asked longest ago comes first. What was found since this run was due is as good: a repeated run asks nobody. */
const probeDue = async (
  { now, clock, outbound }: JobContext,
  connectors: StoredConnector[],
): Promise<Map<string, OutboundResult>> => {
  const lastAsked = ({ data }: StoredConnector): number => data.lastProbedAt?.getTime() ?? 0;
  const due = connectors
    .filter((one) => lastAsked(one) < now.getTime() && breakerAt(one.data, now) !== 'open')
    .toSorted((a, b) => lastAsked(a) - lastAsked(b));
  const results = new Map<string, OutboundResult>();
  const begun = clock().getTime();
  const atOnce = bulkhead(AT_ONCE, due.length);
  await Promise.all(
    due.map(({ id, data }) =>
      atOnce.execute(async () => {
        if (clock().getTime() - begun < PROBING_TAKES_MS) results.set(id, await outbound.probe(data));
      }),
    ),
  );
  return results;
};

/** One commit with one entry, however many were probed. Gives the connectors as they stand then. */
const storeFindings = async (
  { now, change }: JobContext,
  connectors: StoredConnector[],
  probed: Map<string, OutboundResult>,
): Promise<{ id: string; data: ConnectorDocument }[]> => {
  if (probed.size === 0) return connectors;
  const asked = connectors.filter(({ id }) => probed.has(id));
  let first = true;
  const after = new Map<string, ConnectorDocument>();
  await change(`probed ${[...probed.keys()].join()}`, async (work) => {
    if (first) for (const one of asked) work.adopt(one);
    first = false;
    after.clear();
    await work.prefetch(asked.map(({ id }) => connectorAsStored(id)));
    const moved: object[] = [];
    let failed = 0;
    for (const { id, data } of asked) {
      const result = probed.get(id);
      const before = connectorDocument.safeParse(await work.read(connectorAsStored(id))).data;
      // Registered anew, or probed by another run or a person meanwhile: what stands is newer.
      if (!result || !before || !isSameAs(before, data) || (before.lastProbedAt ?? LONG_AGO) >= now) continue;
      const found = afterResult(before, result, now);
      work.write(connectorAt(id), found);
      after.set(id, found);
      if (!result.ok) failed += 1;
      const [was, breaker] = [breakerAt(before, now), breakerAt(found, now)];
      if (was !== breaker) moved.push({ connector: id, was, ...result, breaker });
    }
    if (after.size === 0) return unchanged(false);
    return changed(true, {
      action: 'connectors.probed',
      target: logicalName(collections.connectors),
      metadata: { probed: after.size, failed, moved },
    });
  });
  return connectors.map(({ id, data }) => ({ id, data: after.get(id) ?? data }));
};

const LONG_AGO = new Date(0);

/** Enters and leaves the mode `offline`, each in a commit of its own with its entry. */
const settleEach = async (
  { now, ids, change }: JobContext,
  connectors: { id: string; data: ConnectorDocument }[],
  policy: PolicyDocument | undefined,
): Promise<{ entered: number; left: number }> => {
  const settled = { entered: 0, left: 0 };
  if (!policy) return settled;
  for (const { id, data } of connectors) {
    const called = offlineChange(data, offlineSinceIn(policy, id), now);
    if (!called) continue;
    const activation = ids('act');
    const done = await change(`offline ${id}`, async (work) => {
      await work.prefetch([connectorAsStored(id), policyAsStored()]);
      const found = connectorDocument.safeParse(await work.read(connectorAsStored(id))).data;
      const { entry } = found ? await settleOffline(work, id, found, { activation, now }) : {};
      return entry ? changed(true, entry) : unchanged(false);
    });
    if (done) settled[called === 'enter' ? 'entered' : 'left'] += 1;
  }
  return settled;
};

/** Ends the mode of connectors that are no more: nothing would ever find them well again. */
const leaveRemoved = async (
  { now, change }: JobContext,
  known: string[],
  policy: PolicyDocument | undefined,
): Promise<number> => {
  let removed = 0;
  for (const id of Object.keys(policy?.offline ?? {}).filter((one) => !known.includes(one))) {
    const done = await change(`removed ${id}`, async (work) => {
      const [found, standing] = [await work.read(connectorAsStored(id)), await policyIn(work)];
      if (found || !standing) return unchanged(false);
      const ending = { end: 'removed' as const, by: 'muster', reason: 'it is registered no more', at: now };
      const entry = await leave(work, standing, id, ending);
      return entry ? changed(true, entry) : unchanged(false);
    });
    if (done) removed += 1;
  }
  return removed;
};
