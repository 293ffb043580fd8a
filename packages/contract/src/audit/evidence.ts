/** Evidence: proofs that an entry is in the log, and the entries as an export takes them. */
import * as z from 'zod';
import { auditRow } from './entry';
import { signedNote, treeHash, treeHead, treeSize } from './log';
import * as v from '../values';

/** The hashes of a proof, in the order in which RFC 9162 uses them. */
const proof = z.array(treeHash).max(128);

const incidentId = z.string().regex(/^inc_[a-z0-9]{4,64}$/u, 'an id that begins with inc_');

export const auditProve = {
  request: z
    .strictObject({
      /** The entry that is to be proven; or `leafIndex`, which can be proven after the entry has expired too. */
      entryId: v.auditEntryId.optional(),
      leafIndex: treeSize.optional(),
      /** Of the tree that it is proven in; the newest if left out. */
      size: treeSize.optional(),
      /** Two sizes, to prove that the newer tree goes on from the older one. */
      older: treeSize.optional(),
      newer: treeSize.optional(),
    })
    .superRefine(({ entryId, leafIndex, size, older, newer }, context) => {
      const asked = [entryId, leafIndex, older].filter((value) => value !== undefined);
      const fail = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
      if (asked.length !== 1) fail('entryId', 'one of entryId, leafIndex, or older with newer');
      if ((older === undefined) !== (newer === undefined)) fail('newer', 'older and newer go together');
      if (older !== undefined && newer !== undefined && older > newer) fail('newer', 'no smaller than older');
      if (older !== undefined && size !== undefined) fail('size', 'goes with an entry or a leaf');
    }),
  response: z.strictObject({
    origin: z.string(),
    inclusion: z
      .strictObject({ leafIndex: treeSize, size: treeSize, hash: treeHash, proof, note: signedNote.nullable() })
      .nullable(),
    consistency: z
      .strictObject({
        older: treeSize,
        newer: treeSize,
        proof,
        /** Null where no head of that size was ever signed. */
        olderNote: signedNote.nullable(),
        newerNote: signedNote.nullable(),
      })
      .nullable(),
  }),
};

/** What is wrong with an entry as stored, by field; an export carries it, and no check lets it pass. */
const damaged = z.array(z.string());

export const evidenceRow = z.strictObject({
  leafIndex: treeSize,
  /** Of the leaf, as the tree has it. */
  hash: treeHash,
  /** Null when the entry is gone, or is not readable as one. */
  entry: auditRow.nullable(),
  /** What its personal fields are committed with; null without an entry. */
  salt: z.string().nullable(),
  damaged,
  /** That it is in the tree of `size`; null in a range, which is proven as a whole. */
  proof: proof.nullable(),
});
export type EvidenceRow = z.infer<typeof evidenceRow>;

/** A document that says it is in the log, at a place that the log does not have. */
export const strayEntry = z.strictObject({ id: z.string(), leafIndex: z.number() });

export const auditExport = {
  request: z
    .strictObject({
      /** Of the tree: the size of a head. */
      size: treeSize,
      begin: treeSize.optional(),
      /** At most 200 beyond `begin`. */
      end: treeSize.optional(),
      entryId: v.auditEntryId.optional(),
      drillId: v.drillId.optional(),
      incidentId: incidentId.optional(),
      limit: v.limit,
      cursor: v.cursor.optional(),
    })
    .superRefine(({ size, begin, end, entryId, drillId, incidentId: incident }, context) => {
      const fail = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
      const chosen = [begin, entryId, drillId, incident].filter((value) => value !== undefined);
      if (chosen.length !== 1) fail('begin', 'one of begin with end, entryId, drillId, incidentId');
      if ((begin === undefined) !== (end === undefined)) fail('end', 'begin and end go together');
      if (begin === undefined || end === undefined) return;
      if (end < begin || end > size) fail('end', 'from begin to size');
      if (end - begin > 200) fail('end', 'at most 200 beyond begin');
    }),
  response: z.strictObject({
    rows: z.array(evidenceRow),
    strays: z.array(strayEntry),
    nextCursor: v.cursor.nullable(),
  }),
};

export const auditRange = {
  request: z
    .strictObject({ from: v.instant.optional(), to: v.instant.optional() })
    .refine(({ from, to }) => !from || !to || Date.parse(from) < Date.parse(to), {
      path: ['to'],
      error: 'a time after "from"',
    }),
  response: z.strictObject({
    /** The newest head: what everything is proven against. */
    head: treeHead,
    keys: z.array(z.string()),
    /** The leaves from `begin` to before `end` hold every entry of the time asked for. */
    begin: treeSize,
    end: treeSize,
    /** The head that `begin` is of, and the one that `end` is of; null at the beginning and at the newest head. */
    before: treeHead.nullable(),
    after: treeHead.nullable(),
    /** The hashes left of `begin`, from which the tree goes on. */
    left: proof,
    /** That the newest tree goes on from the one of `end`. */
    consistency: proof,
    /** The newest head that was signed 180 days ago or earlier: what it covers may have expired. */
    horizon: z.strictObject({ head: treeHead, consistency: proof }).nullable(),
    now: v.instant,
  }),
};
