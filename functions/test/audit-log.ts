/** A sealed log in a test: entries as they are written, sealing as it is deployed, and what must always hold of both. */
import { aboutDrill } from '@muster/core/audit/audit-draft';
import { appendEntry } from '@muster/core/audit/append-entry';
import { auditEntry, type AuditEntry } from '@muster/core/audit/audit-entry';
import { idFrom } from '@muster/core/ids';
import { Meter } from '@muster/core/meter';
import type { CommitProtocol } from '@muster/core/storage/store';
import { verifyCheckpoint } from '@muster/tlog/checkpoint';
import { CompactTree } from '@muster/tlog/merkle';
import { parseVerifierKey } from '@muster/tlog/note';
import { TILE_WIDTH, type TileAddress } from '@muster/tlog/tiles';
import type { LogCheckpoint, LogHead } from '../src/features/audit/log/log-documents';
import { sealWaiting, type Sealed } from '../src/features/audit/log/seal';
import { hashOfEntry } from '../src/features/audit/log/sealed-entry';
import { keepLog } from '../src/platform/operations/keep-log';
import { logSignerFrom } from '../src/platform/adapters/log-signer';
import { LOG_KEY, START, type Backend } from './harness';

export const signer = logSignerFrom(LOG_KEY);
export const LOG_KEYS = signer.keys.map(parseVerifierKey);

/** The `index`-th entry of a test. */
export const entryNumbered = (index: number, at: Date = START): { id: string; data: AuditEntry } => {
  const id = idFrom('aud', 'numbered', String(index));
  const { data } = appendEntry(
    {
      action: `studio_ops.test_${index % 7}`,
      ...aboutDrill(`drl_${String(index % 23).padStart(4, '0')}`),
      rationale: `because of number ${index}`,
      metadata: { index },
    },
    { entryId: id, at, actor: { type: 'staff', id: `uid-${index % 5}` }, correlationId: `req_${index}` },
  );
  return { id, data: data as AuditEntry };
};

export const writeEntries = async ({ firestore }: Backend, entries: { id: string; data: AuditEntry }[]) => {
  const writer = firestore.bulkWriter({ throttling: false });
  for (const { id, data } of entries) void writer.create(firestore.doc(`muster_audit/${id}`), data);
  await writer.close();
};

/** Seals what waits, as the job does. */
export const seal = ({ deps }: Backend, until = new Date(deps.clock().getTime() + 60_000)): Promise<Sealed> =>
  sealWaiting(
    {
      keepLog: (decide) => keepLog(deps.store, new Meter(), decide),
      clock: deps.clock,
      log: deps.log,
      salts: deps.salts,
      signer: deps.signer(),
    },
    until,
  );

export const headOf = async ({ firestore }: Backend): Promise<LogHead | undefined> => {
  const data = (await firestore.doc('muster_auditLog/current').get()).data();
  return data && ({ ...data, sealedAt: data['sealedAt'].toDate() } as LogHead);
};

export const checkpointsOf = async ({ firestore }: Backend): Promise<LogCheckpoint[]> => {
  const { docs } = await firestore.collection('muster_auditLog/current/muster_checkpoints').get();
  return docs.map((one) => ({ ...one.data(), sealedAt: one.get('sealedAt').toDate() }) as LogCheckpoint);
};

export const entriesOf = async ({ firestore }: Backend): Promise<{ id: string; data: AuditEntry }[]> => {
  const { docs } = await firestore.collection('muster_audit').get();
  return docs.map((one) => {
    const { at, musterExpireAt, ...rest } = one.data();
    return {
      id: one.id,
      data: auditEntry.parse({ ...rest, at: at.toDate(), musterExpireAt: musterExpireAt?.toDate() ?? null }),
    };
  });
};

/** The salt of each leaf, as the tiles have them. */
export const saltsOf = async ({ firestore }: Backend): Promise<string[]> => {
  const { docs } = await firestore.collection('muster_auditLog/current/muster_tiles').get();
  return docs
    .filter(({ id }) => id.startsWith('0-'))
    .toSorted((one, other) => Number(one.id.slice(2)) - Number(other.id.slice(2)))
    .flatMap((tile) => (tile.get('salts') as string[] | undefined) ?? []);
};

/**
 * What holds of a log whatever happened: each entry has one leaf, each leaf one entry, no index is left out; the tiles have
 * their hashes; the head is the root over them, signed; each earlier head is the root over the leaves before it.
 */
export const expectLogWhole = async (backend: Backend): Promise<number> => {
  const entries = await entriesOf(backend);
  const sealed = entries
    .filter(({ data }) => data.leafIndex !== null)
    .toSorted((one, other) => (one.data.leafIndex ?? 0) - (other.data.leafIndex ?? 0));
  expect(sealed.map(({ data }) => data.leafIndex)).toEqual(sealed.map((_, index) => index));

  const heads = new Map((await checkpointsOf(backend)).map((one) => [one.size, one]));
  const salts = await saltsOf(backend);
  const hashes = sealed.map(({ id, data }, index) => hashOfEntry(id, data, salts[index] ?? ''));
  expect(sealed.filter(({ data }) => data.salt)).toEqual([]);
  const tree = new CompactTree();
  for (const hash of hashes) {
    tree.append(hash);
    const head = heads.get(tree.size);
    if (!head) continue;
    heads.delete(tree.size);
    expect(Buffer.from(head.root)).toEqual(Buffer.from(tree.root()));
    expect(verifyCheckpoint(head.note, LOG_KEYS)).toMatchObject({
      size: head.size,
      signedAt: cutToSeconds(head.sealedAt),
    });
  }
  expect([...heads.keys()]).toEqual([]);
  const head = await headOf(backend);
  expect(head?.size ?? 0).toBe(sealed.length);
  if (head && sealed.length > 0) expect(Buffer.from(head.root)).toEqual(Buffer.from(tree.root()));

  for (let index = 0; index * TILE_WIDTH < hashes.length; index += 1) {
    const stored = await tileOf(backend, { level: 0, index });
    expect(stored).toEqual(Buffer.concat(hashes.slice(index * TILE_WIDTH, (index + 1) * TILE_WIDTH)));
  }
  return sealed.length;
};

export const tileOf = async ({ firestore }: Backend, { level, index }: TileAddress): Promise<Buffer | undefined> =>
  (await firestore.doc(`muster_auditLog/current/muster_tiles/${level}-${index}`).get()).get('hashes') as
    Buffer | undefined;

const cutToSeconds = (at: Date): Date => new Date(Math.floor(at.getTime() / 1000) * 1000);

/** Where a sealer can die. */
export type CrashPoint = 'before reading' | 'before commit' | 'after commit';

/** A protocol that calls `at` at each step of a unit of work that writes. */
export const steppingThrough =
  (at: (step: CrashPoint) => void | Promise<void>) =>
  (protocol: CommitProtocol): CommitProtocol => ({
    source: protocol.source,
    async within(use) {
      await at('before reading');
      let writes = false;
      const result = await protocol.within(async (source) => {
        const used = await use(source);
        writes = used.writes.length > 0;
        if (writes) await at('before commit');
        return used;
      });
      if (writes) await at('after commit');
      return result;
    },
  });
