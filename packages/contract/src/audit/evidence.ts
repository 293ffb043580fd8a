/** Evidence: proofs that an entry is in the log, and the entries as an export takes them. */
import * as z from 'zod';
import { timeRange } from './entry';
import { signedNote, treeHash, treeHead, treeSize } from './log';
import * as v from '../values';

/** The hashes of a proof, in the order in which RFC 9162 uses them. */
const proof = z.array(treeHash).max(128);

const incidentId = z.string().regex(/^inc_[a-z0-9]{4,64}$/u, 'an id that begins with inc_');

/** Fields that may be about a person: each is a commitment in the leaf, and is shown with what opens that, or withheld. */
export const personalField = z.enum([
  'actorId',
  'ip',
  'sessionId',
  'rationale',
  'target',
  'metadata',
  'callerRequestId',
]);
export type PersonalField = z.infer<typeof personalField>;

/** A value, and the salt that its commitment is made with: of this field of this entry, and of no other. */
const opening = z.strictObject({ salt: z.string(), value: z.unknown() });
const openings = z.partialRecord(personalField, opening);

export const auditProve = {
  request: z
    .strictObject({
      /** The entry that is to be proven; or `leafIndex`, which can be proven after the entry has expired too. */
      entryId: v.auditEntryId.optional(),
      leafIndex: treeSize.optional(),
      /** Of the tree that it is proven in; the newest if left out. */
      size: treeSize.optional(),
      /** Personal fields of the entry to open: each is answered with the salt of its commitment. */
      open: z.array(personalField).optional(),
      /** Two sizes, to prove that the newer tree goes on from the older one. */
      older: treeSize.optional(),
      newer: treeSize.optional(),
    })
    .superRefine(({ entryId, leafIndex, size, older, newer, open }, context) => {
      const asked = [entryId, leafIndex, older].filter((value) => value !== undefined);
      const fail = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
      if (asked.length !== 1) fail('entryId', 'one of entryId, leafIndex, or older with newer');
      if ((older === undefined) !== (newer === undefined)) fail('newer', 'older and newer go together');
      if (older !== undefined && newer !== undefined && older > newer) fail('newer', 'no smaller than older');
      if (older !== undefined && size !== undefined) fail('size', 'goes with an entry or a leaf');
      if (open !== undefined && entryId === undefined) fail('open', 'goes with entryId');
    }),
  response: z.strictObject({
    origin: z.string(),
    inclusion: z
      .strictObject({
        leafIndex: treeSize,
        size: treeSize,
        hash: treeHash,
        proof,
        note: signedNote.nullable(),
        /** Those that were asked for, as they were sealed. */
        opened: openings,
      })
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

/** An entry as a line of an export has it. */
export const entryRecord = z.strictObject({
  kind: z.literal('entry'),
  leafIndex: treeSize,
  /** Of the leaf, as the tree has it. */
  hash: treeHash,
  /** The fields that are in the leaf as they are. */
  leaf: z.record(z.string(), z.unknown()),
  shown: openings,
  /** The commitments of those that are withheld. */
  withheld: z.partialRecord(personalField, treeHash),
  /** That it is in the tree of `size`; not there in a range, which is proven as a whole. */
  proof: proof.optional(),
  /** It is not of the period that was asked for, and shows nothing personal. */
  outside: z.enum(['before', 'after']).optional(),
});

export const evidenceRecord = z.discriminatedUnion('kind', [
  entryRecord,
  /** The entry is no longer stored. */
  z.strictObject({ kind: z.literal('gone'), leafIndex: treeSize, hash: treeHash }),
  z.strictObject({
    kind: z.literal('damaged'),
    leafIndex: treeSize.nullable(),
    hash: treeHash.nullable(),
    id: z.string().nullable(),
    damaged,
  }),
]);

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
      /** Personal fields that are not to be shown. */
      withhold: z.array(personalField).default([]),
      /** The period that the range was widened from: what is outside of it is marked, and shows nothing personal. */
      ...timeRange,
      limit: v.limit,
      cursor: v.cursor.optional(),
    })
    .superRefine(({ size, begin, end, entryId, drillId, incidentId: incident, from, to }, context) => {
      const fail = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
      const chosen = [begin, entryId, drillId, incident].filter((value) => value !== undefined);
      if (chosen.length !== 1) fail('begin', 'one of begin with end, entryId, drillId, incidentId');
      if (begin === undefined && (from !== undefined || to !== undefined)) fail('from', 'goes with begin and end');
      if ((begin === undefined) !== (end === undefined)) fail('end', 'begin and end go together');
      if (begin === undefined || end === undefined) return;
      if (end < begin || end > size) fail('end', 'from begin to size');
      if (end - begin > 200) fail('end', 'at most 200 beyond begin');
    }),
  response: z.strictObject({
    rows: z.array(evidenceRecord),
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
    /**
     * What has expired: the newest run that ended entries, as a leaf with its proof, and the head that had them all when the
     * retention before that run began. Null when none ever has.
     */
    horizon: z.strictObject({ head: treeHead, consistency: proof, run: entryRecord }).nullable(),
    now: v.instant,
  }),
};
