import { MusterError } from '@muster/core/errors';
import { nameOf, TileMissing } from '@muster/tlog/tiles';

export const nothingSealed = (): MusterError =>
  new MusterError('CONFLICT', 'Nothing is sealed yet, so there is nothing to prove.', {
    reason: 'WRONG_STATE',
    state: 'unsealed',
    next: 'Seal what waits: muster audit seal.',
  });

/** It is there, and waits for its place in the log. */
export const notSealed = (): MusterError =>
  new MusterError('CONFLICT', 'This entry is not sealed yet: it is sealed within a minute of its commit.', {
    reason: 'WRONG_STATE',
    state: 'unsealed',
    next: 'Seal what waits now: muster audit seal.',
  });

export const unknownEntry = (field: string): MusterError =>
  new MusterError('NOT_FOUND', 'There is no such entry, or its time of retention is over.', {
    reason: 'UNKNOWN_ENTRY',
    fields: [{ field, problem: 'no entry that is stored' }],
    next: 'What has expired can be proven by its place in the log: leafIndex.',
  });

/** A tree of that size is not there yet. */
export const beyondLog = (field: string, size: number): MusterError =>
  new MusterError('NOT_FOUND', `The log has ${size} leaves, and this is beyond them.`, {
    reason: 'UNKNOWN_ENTRY',
    fields: [{ field, problem: `no more than ${size}` }],
  });

/** The log as stored is not what was signed: somebody wrote to it past Muster. */
export const logDamaged = (what: string): MusterError =>
  new MusterError('INTERNAL', `The audit log was damaged in the database: ${what}.`, {
    reason: 'LOG_DAMAGED',
    next: 'Keep the database as it is, and compare it with a backup: docs/auditor.md.',
  });

/** What is made of tiles; a tile that is missing, or too short, is told by its name. */
export const whole = <T>(make: () => T): T => {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof TileMissing)) throw error;
    throw logDamaged(`the tile ${nameOf(error.tile)} is missing, or too short`);
  }
};
