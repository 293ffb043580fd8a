/** The stored policy with nothing restricted: what a project begins with. The guard's schema of it is checked against this. */
export const NORMAL_POLICY = {
  version: 4,
  mode: {
    name: 'normal',
    since: null,
    until: null,
    by: null,
    reason: null,
    activation: null,
    exemptions: {},
  },
  killSwitches: {},
  offline: {},
} as const;
