/** Every document path of the backend, once. Ids reach this file only after their schema refused slashes. */
export const paths = {
  policy: () => 'policy/current',
  revocation: (uid: string) => `revocations/${uid}`,
  activation: (id: string) => `activations/${id}`,
  denials: (activationId: string) => `denials/${activationId}`,
  refusals: (id: string) => `refusals/${id}`,
  delegation: (id: string) => `delegations/${id}`,
  exemption: (id: string) => `exemptions/${id}`,
  action: (id: string) => `actions/${id}`,
  incident: (id: string) => `incidents/${id}`,
  staff: (uid: string) => `staff/${uid}`,
  request: (id: string) => `requests/${id}`,
  auditEntry: (id: string) => `audit/${id}`,
  scenario: (id: string) => `scenarios/${id}`,
  drill: (id: string) => `drills/${id}`,
  drillEvent: (drillId: string, eventId: string) => `drills/${drillId}/events/${eventId}`,
} as const;

/** Collections that are queried. */
export const collections = {
  activations: 'activations',
  refusals: 'refusals',
  delegations: 'delegations',
  exemptions: 'exemptions',
  actions: 'actions',
  audit: 'audit',
  drills: 'drills',
  drillEvents: (drillId: string) => `drills/${drillId}/events`,
  staff: 'staff',
} as const;
