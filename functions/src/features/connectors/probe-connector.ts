import { changed, unchanged } from '../../platform/operations/change';
import { defineChange } from '../../platform/operations/define-change';
import { logicalName, paths } from '@muster/core/storage/paths';
import { policyAsStored } from '@muster/guard/policy-document';
import { afterResult, breakerAt } from './breaker';
import {
  connectorAsStored,
  connectorAt,
  connectorDocument,
  damagedConnector,
  isSameAs,
  unknownConnector,
} from './connector-document';
import { toConnectorView } from './connector-view';
import { offlineSinceIn, policyIn, settleOffline } from './offline';
import { refuseWhileEverythingIsKilled } from './while-killed';

/**
 * `connectors-probe`: what the schedule does, for one connector and now. A probe changes nothing outside, so no mode and no kill
 * switch forbids it, but that of everything. Reads revocation, connector and policy, twice, and the record of the outage that it
 * ends; the policy once more to report that it cannot be read.
 */
export const probeConnector = defineChange('connectors-probe', {
  guarded: false,
  cost: { reads: 8, writes: 4 },
  reads: ({ connectorId }) => [connectorAsStored(connectorId), policyAsStored()],
  async outside({ read, clock, outbound }, { connectorId }) {
    await read.prefetch([connectorAsStored(connectorId), policyAsStored()]);
    refuseWhileEverythingIsKilled(await read.read(policyAsStored()), connectorId, clock());
    const asked = connectorDocument.safeParse(await read.read(connectorAsStored(connectorId))).data;
    if (!asked || breakerAt(asked, clock()) === 'open') return undefined;
    return { asked, result: await outbound.probe(asked) };
  },
  async decide({ work, clock, ids }, { connectorId }, found) {
    const stored = await work.read(connectorAsStored(connectorId));
    if (!stored) throw unknownConnector();
    const before = connectorDocument.safeParse(stored).data;
    if (!before) throw damagedConnector();
    // Not of the call, but now: another may have opened the breaker, or registered the connector anew, meanwhile.
    const now = clock();
    const was = breakerAt(before, now);
    if (!found || was === 'open' || !isSameAs(before, found.asked)) {
      const offlineSince = offlineSinceIn(await policyIn(work), connectorId);
      const connector = toConnectorView(connectorId, before, offlineSince, now);
      return unchanged({ probed: false, ok: false, connector });
    }
    const { result } = found;
    const after = afterResult(before, result, now);
    work.write(connectorAt(connectorId), after);
    const { offlineSince, entry } = await settleOffline(work, connectorId, after, { activation: ids('act'), now });
    const connector = toConnectorView(connectorId, after, offlineSince, now);
    return changed(
      { probed: true, ok: result.ok, connector },
      {
        action: 'connectors.probed',
        target: logicalName(paths.connector(connectorId)),
        ...entry,
        metadata: { ...entry?.metadata, was, ...result, breaker: connector.breaker },
      },
    );
  },
  async afterwards({ log, read }, { connector: { id, breaker, offlineSince } }) {
    if (breaker !== 'open' || offlineSince !== null) return;
    if (await policyIn({ read })) return;
    log.critical('a connector is out, and policy cannot say so: it is missing or damaged', { connector: id });
  },
});
