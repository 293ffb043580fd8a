/** What the verifiable log costs: sealing against hashing, proofs as the log grows, what an entry adds to its change. */
import { recordEvent, startDrill } from '@muster/functions/features/drills/index';
import { proveEntry } from '@muster/functions/features/audit/index';
import { hashOfEntry, toSealedEntry } from '@muster/functions/features/audit/log/sealed-entry';
import { entryNumbered, seal, signer, writeEntries } from '@muster/functions/test/audit-log';
import { newBackend, SCENARIO_ID, type Backend } from '@muster/functions/test/harness';
import { sha256, utf8 } from '@muster/tlog/crypto';
import { canonicalJson, leafOf } from '@muster/tlog/leaf';
import { appendLeaves, nameOf, type Tile } from '@muster/tlog/tiles';
import { compare, median, type Comparison } from './measure';
import type { Figure } from './switchboard';

const BATCH = 200;

export const auditLog = async (): Promise<{ comparisons: Comparison[]; figures: Figure[] }> => ({
  comparisons: [await sealingAlone()],
  figures: [await sealingThroughput(), ...(await proofs()), await costOfAnEntry()],
});

/** All that sealing computes for 200 entries: leaves with their commitments, the tree, the signature. */
const sealingAlone = (): Promise<Comparison> => {
  const entries = Array.from({ length: BATCH }, (_, index) => entryNumbered(index));
  const bytes = entries.map(({ id, data }) => utf8(canonicalJson(leafOf(toSealedEntry(id, data), `salt of ${id}`))));
  const at = new Date();
  return compare(
    `sealing ${BATCH} entries, without the database / hashing the same bytes alone`,
    {
      ours: async () => {
        const hashes = entries.map(({ id, data }) => hashOfEntry(id, data, `salt of ${id}`));
        const { size, root } = appendLeaves(new Map(), 0, hashes);
        signer.sign({ size, root }, at);
      },
      theirs: async () => void bytes.map((leaf) => sha256(leaf)),
    },
    { runs: 100, warmUp: 20 },
  );
};

const sealingThroughput = async (): Promise<Figure> => {
  const backend = await newBackend();
  await writeEntries(
    backend,
    Array.from({ length: 10 * BATCH }, (_, index) => entryNumbered(index)),
  );
  const began = performance.now();
  const { sealed } = await seal(backend, new Date(Date.now() + 600_000));
  const seconds = (performance.now() - began) / 1000;
  await backend.close();
  return { name: 'sealing, with the database', value: `${(sealed / seconds).toFixed(0)} entries/s`, met: undefined };
};

/** Proofs of leaves all over a log of this size, from its tiles alone. */
const proofs = async (): Promise<Figure[]> => {
  const backend = await newBackend();
  const figures: Figure[] = [];
  const reads: number[] = [];
  for (const size of [1_000, 100_000]) {
    await layLog(backend, size);
    const took: number[] = [];
    let most = 0;
    for (let run = 0; run < 60; run += 1) {
      const began = performance.now();
      await backend.run(proveEntry, { leafIndex: Math.floor((run * size) / 60) });
      if (run >= 10) took.push(performance.now() - began);
      most = Math.max(most, backend.costs.at(-1)?.spent.reads ?? Number.NaN);
    }
    reads.push(most);
    // Each further level of tiles covers 256 times as much, and adds two reads.
    const met = reads.length < 2 ? undefined : most <= (reads[0] ?? 0) + 2;
    figures.push({
      name: `one proof in a log of ${size.toLocaleString('en-US')}: most documents read, median time`,
      value: `${most}, ${median(took).toFixed(1)} ms`,
      met,
    });
  }
  await backend.close();
  return figures;
};

const layLog = async ({ firestore }: Backend, size: number): Promise<void> => {
  const leaves = Array.from({ length: size }, (_, index) => sha256(utf8(String(index))));
  const { root, written } = appendLeaves(new Map(), 0, leaves);
  const writer = firestore.bulkWriter({ throttling: false });
  const sealedAt = new Date();
  const head = { origin: signer.origin, size, root, note: signer.sign({ size, root }, sealedAt), sealedAt };
  for (const tile of written) void writer.set(firestore.doc(pathOf(tile)), { hashes: tile.hashes });
  void writer.set(firestore.doc('muster_auditLog/current'), { ...head, keys: signer.keys, adoptedUpTo: null });
  void writer.set(firestore.doc(`muster_auditLog/current/muster_checkpoints/${String(size).padStart(16, '0')}`), head);
  await writer.close();
};

const pathOf = (tile: Tile): string => `muster_auditLog/current/muster_tiles/${nameOf(tile)}`;

/** Counted at the door of the database, not believed. */
const costOfAnEntry = async (): Promise<Figure> => {
  const seen = { reads: 0, writes: 0 };
  const isAudit = (path: string) => /^muster_audit(?:Log)?\//u.test(path);
  const backend = await newBackend({
    around: (protocol) => ({
      source: protocol.source,
      within: (use) =>
        protocol.within(async (source) => {
          const used = await use(source);
          seen.writes += used.writes.filter(({ path }) => isAudit(path)).length;
          seen.reads += used.restsOn.filter(({ path }) => isAudit(path)).length;
          return used;
        }),
    }),
  });
  const { drill } = await backend.run(startDrill, { scenarioId: SCENARIO_ID });
  Object.assign(seen, { reads: 0, writes: 0 });
  await backend.run(recordEvent, { drillId: drill.id, type: 'observation', note: 'seen' });
  await backend.close();
  return {
    name: 'what audit adds to a recorded drill event: documents read, written',
    value: `${seen.reads}, ${seen.writes}`,
    met: seen.reads === 0 && seen.writes === 1,
  };
};
