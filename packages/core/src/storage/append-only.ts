/** The audit is appended to: whoever writes through a unit of work, no entry is rewritten or deleted (law 5). */
import { isIn } from './paths';
import type { StagedWrite } from './staged-write';

/** What of an entry may be written later: its place in the log, and its end. The leaf has none of it. */
const SETTABLE = new Set(['leafIndex', 'musterExpireAt']);

/** What entries of 0.1.0 lack, and are given once. */
const LACKED = new Set([...SETTABLE, 'severity', 'drillId', 'incidentId', 'ip', 'sessionId', 'words']);

/** Throws for a write to an entry, or to what the log has signed, that is not an addition. */
export const refuseRewriting = (write: StagedWrite): void => {
  const { path, kind } = write;
  if (isIn('audit', path) && !isAddition(write))
    throw new Error(`${path} is an audit entry: it is not rewritten, and not deleted`);
  if (isIn('auditLog', path) && kind === 'delete') throw new Error(`${path} is of the log: it is not deleted`);
};

const isAddition = (write: StagedWrite): boolean => {
  if (write.kind === 'set') return write.expects === 'absent';
  if (write.kind !== 'update') return false;
  return Object.entries(write.data).every(([field, value]) => LACKED.has(field) || isSaltTakenOut(field, value));
};

/** Entries of before had their salt beside what it hides (ADR 13). */
const isSaltTakenOut = (field: string, value: unknown): boolean => field === 'salt' && value === '';

/** Whether a write is one of those that sealing and expiry make, which have no entry of their own. */
export const isLogKeeping = (write: StagedWrite): boolean => {
  if (isIn('auditLog', write.path)) return write.kind === 'set' || write.kind === 'update';
  return isIn('audit', write.path) && isAddition(write) && typeof write.expects === 'object';
};
