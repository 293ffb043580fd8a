/** Fields that nobody types, because the command finds them out: how a message of the backend about one calls it. */
import type { Command } from 'commander';
import { asksEach } from '../field-names';

/** Entries are exported page by page. */
export const PAGE_FIELDS = {
  size: 'the size of the tree',
  begin: 'the first leaf',
  end: 'the leaf after the last',
  cursor: 'the next page',
  limit: 'the length of a page',
} as const;

/** One entry alone is a page too. */
export const ONE_ENTRY_FIELDS = { ...PAGE_FIELDS, drillId: 'the drill', incidentId: 'the incident' } as const;

/** Of all that is there. */
export const RANGE_FIELDS = { from: 'the beginning', to: 'the end' } as const;

/** A proof is of an entry, or of two trees. */
export const PROOF_FIELDS = {
  leafIndex: 'the leaf',
  size: 'the size of the tree',
  older: 'the size of the older tree',
  newer: 'the size of the newer tree',
  open: 'the field',
} as const;

/** What both commands of a witness ask: the newest head, the proof that it goes on, and that its cosignature is taken. */
export const asksAsWitness = (command: Command): Command =>
  asksEach(command, {
    'audit-head': { atOrBefore: 'the time of the head', atOrAfter: 'the time of the head' },
    'audit-prove': { ...PROOF_FIELDS, entryId: 'the entry' },
    'audit-cosign': { cosignature: 'the cosignature', requestId: 'the request' },
  });
