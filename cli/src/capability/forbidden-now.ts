import { capabilities, type policy, type ResponseOf } from '@muster/contract';

/** One name of the catalog, and what forbids it now. */
export interface CapabilityNow {
  name: string;
  class: capabilities.CapabilityClass;
  /** Kill switches, by the name they were set for, that stop it or (for a pattern with `<id>`) some of it. */
  killedBy: string[];
  /** The mode that forbids it. */
  mode: policy.Mode | null;
  /** Connectors that are out, of which it (for a pattern with `<id>`) writes to some. */
  offline: string[];
}

export interface ForbiddenNow {
  capabilities: CapabilityNow[];
  /** What is killed and has no name in the catalog: the product's own, or mistyped. */
  notInCatalog: string[];
}

/** The catalog against what is restricted. Exemptions are of single owners, and left aside. */
export const forbiddenNow = ({ policy: { mode }, killSwitches, offline }: ResponseOf<'policy-get'>): ForbiddenNow => {
  const { CAPABILITY_CATALOG: CATALOG, FORBIDDEN, coveredIn } = capabilities;
  const stopped = killSwitches.map(({ capability }) => ({ capability, covers: coveredIn(CATALOG, capability) }));
  return {
    capabilities: Object.entries(CATALOG).map(([name, kind]) => ({
      name,
      class: kind,
      killedBy: FORBIDDEN.kill_switch.includes(kind)
        ? stopped.filter(({ covers }) => covers.includes(name)).map(({ capability }) => capability)
        : [],
      mode: FORBIDDEN[mode].includes(kind) ? mode : null,
      offline: FORBIDDEN.offline.includes(kind)
        ? offline.map(({ connector }) => connector).filter((id) => coveredIn(CATALOG, `connector.${id}`).includes(name))
        : [],
    })),
    notInCatalog: stopped.filter(({ covers }) => covers.length === 0).map(({ capability }) => capability),
  };
};
