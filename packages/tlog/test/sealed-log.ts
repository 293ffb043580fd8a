/** A sealed log in memory, and exports of it, without any backend: what checks are measured and tried on. */
import { toBase64, utf8 } from '../src/crypto';
import {
  evidenceRecord,
  ExportWriter,
  type EntryRecord,
  type ExportFormat,
  type HeaderRecord,
  type Horizon,
  type Period,
} from '../src/export';
import {
  EXPIRY_RAN,
  hashOfLeaf,
  leafOf,
  PERSONAL_FIELDS,
  type Keeping,
  type PersonalField,
  type SealedEntry,
} from '../src/leaf';
import { formatVerifierKey, signerKeyFrom } from '../src/note';
import { signCheckpoint } from '../src/checkpoint';
import { appendLeaves, compactHashes, consistencyProof, hashOf, inclusionProof, nameOf } from '../src/tiles';

export const SEALED_AT = new Date('2026-03-31T09:00:00.000Z');
export const EXPORTED_AT = new Date('2026-03-31T10:00:00.000Z');
const YEAR_MS = 365 * 24 * 3_600_000;

export const KEY = signerKeyFrom('log.test/audit', new Uint8Array(32).fill(7));
export const OTHER_KEY = signerKeyFrom('log.test/audit', new Uint8Array(32).fill(8));
export const VERIFIER_KEY = formatVerifierKey(KEY);

const WORDS = ['A laptop was stolen; =cmd()', 'über 20 €, "quoted"', '-1+1', 'line\nbreak', '@SUM(1)', 'plain'];

export const entryAt = (index: number): SealedEntry => ({
  v: 2,
  id: `aud_${index.toString(36).padStart(20, '0')}`,
  at: new Date(SEALED_AT.getTime() - 3_600_000 + index * 7).toISOString(),
  actorType: 'staff',
  actorId: `uid-${index % 17}`,
  action: index % 3 === 0 ? 'studio_ops.drill_event' : 'policy.capability_killed',
  rationale: index % 4 === 0 ? null : `${WORDS[index % WORDS.length]} (${index})`,
  target: `drills/drl_${(index % 50).toString().padStart(8, '0')}`,
  outcome: index % 11 === 0 ? 'refused' : 'success',
  severity: index % 5 === 0 ? 'P1' : null,
  drillId: index % 2 === 0 ? `drl_${(index % 50).toString().padStart(8, '0')}` : null,
  incidentId: null,
  correlationId: `req_${index}`,
  ip: '192.0.2.7',
  sessionId: `ses_${index % 23}`,
  exercise: index % 2 === 0,
  callerRequestId: index % 3 === 0 ? `mine-${index}` : null,
  keeping: null,
  metadata: { attempt: index % 9, capability: 'shipping.commit', nested: { ok: true, list: [1, 2.5, 'x'] } },
});

/** As the entry of a run that ended what is below a leaf. */
export const asRun = (entry: SealedEntry, endedBelow: number, more: Partial<Keeping> = {}): SealedEntry => ({
  ...entry,
  actorType: 'system',
  action: EXPIRY_RAN,
  keeping: { retentionDays: 180, holds: 0, announcedBelow: null, endedBelow, ...more },
});

const saltAt = (index: number): string => `salt of ${index}`;

export class SealedLog {
  readonly entries: SealedEntry[];
  readonly hashes: Uint8Array[];
  readonly tiles = new Map<string, Uint8Array>();

  constructor(
    readonly size: number,
    change: (entry: SealedEntry) => SealedEntry = (entry) => entry,
  ) {
    this.entries = Array.from({ length: size }, (_, index) => change(entryAt(index)));
    this.hashes = this.entries.map((entry, index) => hashOfLeaf(leafOf(entry, saltAt(index))));
    for (const { hashes, ...tile } of appendLeaves(new Map(), 0, this.hashes).written)
      this.tiles.set(nameOf(tile), hashes);
  }

  note(size = this.size, at = SEALED_AT, key = KEY): string {
    return signCheckpoint({ origin: key.name, size, root: hashOf(this.tiles, [0, size]) }, [key], at);
  }

  header(format: ExportFormat, more: Partial<HeaderRecord> = {}): HeaderRecord {
    return {
      kind: 'header',
      muster: 'audit-export',
      version: 2,
      format,
      origin: KEY.name,
      note: this.note(),
      keys: [VERIFIER_KEY],
      scope: { range: { begin: 0, end: this.size, left: [], consistency: [], period: null } },
      withheld: [],
      createdAt: EXPORTED_AT.toISOString(),
      horizon: null,
      ...more,
    };
  }

  /** The leaves from one to before another, of the time around which heads were signed. */
  period(begin: number, end: number): HeaderRecord['scope'] {
    const [from, to] = [new Date(SEALED_AT.getTime() - 3_600_000), new Date(SEALED_AT.getTime() - 1_800_000)];
    return {
      range: {
        begin,
        end,
        left: compactHashes(this.tiles, begin).map(toBase64),
        consistency: consistencyProof(this.tiles, end, this.size).map(toBase64),
        period: {
          from: from.toISOString(),
          to: to.toISOString(),
          before: this.note(begin, new Date(from.getTime() - 300_000)),
          after: this.note(end, new Date(to.getTime() + 3_600_000)),
        },
      },
    };
  }

  /** A head of a year before, and the run that ended what is below it: of the last leaf, if that is one. */
  horizon(size: number, at = new Date(EXPORTED_AT.getTime() - YEAR_MS), run = this.size - 1): Horizon {
    return {
      note: this.note(size, at),
      consistency: consistencyProof(this.tiles, size, this.size).map(toBase64),
      run: this.record(run, new Set(PERSONAL_FIELDS), true) as EntryRecord,
    };
  }

  record(
    index: number,
    withheld: ReadonlySet<PersonalField> = new Set(),
    proven = false,
    gone = false,
    period: Period | null = null,
  ) {
    return evidenceRecord(
      {
        leafIndex: index,
        hash: toBase64(this.hashes[index] as Uint8Array),
        entry: gone ? null : (this.entries[index] as SealedEntry),
        salt: gone ? null : saltAt(index),
        damaged: [],
        proof: proven ? inclusionProof(this.tiles, index, this.size).map(toBase64) : null,
      },
      { withheld, period },
    );
  }

  /** A file as `muster audit export` writes it, a line at a time. */
  *file(header: HeaderRecord, gone: ReadonlySet<number> = new Set()): Generator<string> {
    const writer = new ExportWriter(header);
    const withheld = new Set(header.withheld);
    yield writer.begin();
    const { scope } = header;
    if ('range' in scope) {
      for (let index = scope.range.begin; index < scope.range.end; index += 1)
        yield writer.add(this.record(index, withheld, false, gone.has(index), scope.range.period));
    } else {
      for (const [index, { drillId }] of this.entries.entries())
        if (drillId === scope.selection.value) yield writer.add(this.record(index, withheld, true));
    }
    yield writer.end();
  }
}

/** The bytes of some lines, in chunks that end anywhere. */
export const chunksOf = async function* (lines: Iterable<string>, size = 65_536): AsyncGenerator<Uint8Array> {
  const bytes = utf8([...lines].join(''));
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
};
