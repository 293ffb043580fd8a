/** Every operation that is deployed as a callable, for tests that are about all of them; it is not the list of what is deployed. */
import * as audit from '../src/features/audit';
import * as chaos from '../src/features/chaos';
import * as connectors from '../src/features/connectors';
import * as delegations from '../src/features/delegations';
import * as drills from '../src/features/drills';
import * as exemptions from '../src/features/exemptions';
import * as policy from '../src/features/policy';
import * as posture from '../src/features/posture';
import * as proposals from '../src/features/proposals';
import * as sessions from '../src/features/sessions';
import * as staff from '../src/features/staff';
import { operations } from '@muster/contract/operations';
import type { Operation } from '../src/platform/operations/operation';

const FEATURES = [
  audit,
  chaos,
  connectors,
  delegations,
  drills,
  exemptions,
  policy,
  posture,
  proposals,
  sessions,
  staff,
];

const isCallable = (exported: unknown): exported is Operation =>
  typeof exported === 'object' && exported !== null && 'name' in exported && String(exported.name) in operations;

export const everyOperation: readonly Operation[] = FEATURES.flatMap((feature): unknown[] =>
  Object.values(feature),
).filter(isCallable);
