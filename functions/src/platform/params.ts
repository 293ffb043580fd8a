import { defineBoolean, defineInt, defineSecret, defineString } from 'firebase-functions/params';

/** Parameters of a deployment; `functions/.env` has their defaults, `.env.PROJECT` overrides them. */
export const params = {
  /** Origins whose pages may call the HTTP API, separated by commas. None by default. */
  allowedOrigins: defineString('MUSTER_ALLOWED_ORIGINS', {
    description: 'Web origins that may call the HTTP API, separated by commas.',
  }),
  /** A running drill is overdue after this many hours. */
  maxDrillHours: defineInt('MUSTER_MAX_DRILL_HOURS', {
    description: 'A running drill is flagged overdue after this many hours.',
  }),
  /** Whether ending a restriction, and approving a proposal of one's own, takes a second person. */
  twoPerson: defineBoolean('MUSTER_TWO_PERSON', {
    description: 'Ending a kill switch or a mode takes two staff members; killing never does.',
  }),
  /** `claims` (the default): whoever has a claim has the role. `roster`: only what Muster granted counts. See docs/adr/0016. */
  roles: defineString('MUSTER_ROLES', {
    description:
      '"claims": the custom claims admin, staff, auditor and recorder are roles. "roster": only those that Muster granted.',
  }),
  /** Accounts without a role that may propose: by the domain of their verified e-mail address. None by default. */
  identityDomains: defineString('MUSTER_IDENTITY_DOMAINS', {
    description:
      'Domains of verified e-mail addresses whose accounts may propose without a role, separated by commas: example.com.',
  }),
  /** Whether anonymous accounts of Firebase Auth are answered. Not by default: anyone has as many as they like. */
  anonymous: defineBoolean('MUSTER_ANONYMOUS', {
    description: 'Anonymous accounts of Firebase Auth may call what is open to everyone who is signed in.',
  }),
  /** Whether callables and the door answer only apps of the project, as App Check tells them. */
  appCheck: defineBoolean('MUSTER_APP_CHECK', {
    description: 'Callables and /api/call answer only apps of this project (App Check).',
  }),
  /** `production` (the default, and what anything unknown counts as), `staging` or `development`. See docs/adr/0008. */
  environment: defineString('MUSTER_ENVIRONMENT', {
    description:
      'What this project is: "production", "staging" or "development". Chaos runs only where it is not production.',
  }),
  /** What deliveries are signed with, one key or, while it is changed, two. Bound to the functions that deliver alone. */
  deliverySecret: defineSecret('MUSTER_DELIVERY_SECRET', {
    description: 'Key (whsec_…) that queued writes are signed with; two, separated by a space, while it is changed.',
  }),
  /** What tree heads are signed with: one key or, while it is replaced, two. Bound to the functions that seal alone. */
  logKey: defineSecret('MUSTER_LOG_KEY', {
    description:
      'Key (PRIVATE+KEY+NAME+…) that the audit log is signed with; two, separated by a space, while it is replaced.',
  }),
  /** Witnesses of the audit log, whose cosignatures are kept with its heads. None by default. */
  witnessKeys: defineString('MUSTER_WITNESS_KEYS', {
    description: 'Verifier keys (NAME+HASH+KEY) of the witnesses of the audit log, separated by spaces.',
  }),
  /** Entries are kept for so many days, and never for less than 180. */
  retentionDays: defineInt('MUSTER_AUDIT_RETENTION_DAYS', {
    description: 'Audit entries are kept for so many days, at least 180; their hashes are kept for ever.',
  }),
  /** What actions of the product's own audit entries may begin with, separated by commas. None by default. */
  auditNamespaces: defineString('MUSTER_AUDIT_NAMESPACES', {
    description:
      'What actions that the product appends to the audit may begin with, separated by commas: shop, billing.',
  }),
  /** `verify` (no locks) or `transaction`, for a project that refuses the former. See docs/adr/0002. */
  commitProtocol: defineString('MUSTER_COMMIT_PROTOCOL', {
    description: 'How changes are committed: "verify" or "transaction".',
  }),
};

/** Where everything runs. firebase.json names it too, for the Hosting rewrite. */
export const REGION = 'us-central1';
