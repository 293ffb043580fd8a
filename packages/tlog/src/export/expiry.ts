/** What may have expired: what the log itself says that it has ended, by an entry that is one of its leaves. */
import { EXPIRY_RAN, hashOfLeaf, personalFieldsOf, type Keeping } from '../leaf';
import { sameBytes } from '../bytes';
import { verifiesInclusion } from '../merkle';
import { hashesIn, hashIn, headIn, refuseInconsistent, type Head, type Keys } from './head';
import { ExportProblem } from './problem';
import { HORIZON_MS, SHORTEST_RETENTION_DAYS, type EntryRecord, type HeaderRecord, type Horizon } from './record';

const DAY_MS = HORIZON_MS / SHORTEST_RETENTION_DAYS;

export interface Expirable {
  /** Leaves below this. */
  below: number;
  /** Why nothing may, though the file names what should show it. */
  doubt: string | null;
  /** What a leaf that is gone, and not below, is told by. */
  otherwise: string;
  /** Whether a run of the log says so, or only that it was sealed 180 days before, as files of the first version do. */
  shownBy: 'run' | 'age';
}

/** A key that was replaced since is asked for only where it matters: when something is gone. Whatever else is wrong is wrong with the file. */
export const expirableIn = (header: HeaderRecord, head: Head, { keys }: Keys): Expirable => {
  const { horizon, version } = header;
  const shownBy = version === 1 ? 'age' : 'run';
  if (!horizon) return { below: 0, doubt: null, otherwise: NOTHING_ENDED[shownBy], shownBy };
  let older: Head;
  try {
    older = headIn(horizon.note, keys, header.origin, 'The head below which entries may have expired');
  } catch (error) {
    if (!(error instanceof ExportProblem)) throw error;
    const doubt = `${error.message} If the key of the log was replaced since, give the older one as well.`;
    return { below: 0, doubt, otherwise: '', shownBy };
  }
  const what = 'The signed head does not go on from the one below which entries may have expired.';
  refuseInconsistent(older, horizon.consistency, head, what);
  return version === 1 ? endedByAge(older, header) : endedByRun(horizon, older, head);
};

const NOTHING_ENDED = {
  age: 'it was sealed too lately to have expired',
  run: `no run of expiry (${EXPIRY_RAN}) that the file shows has ended anything in this log`,
};

const endedByAge = (older: Head, { createdAt }: HeaderRecord): Expirable => {
  if (older.signedAt.getTime() > Date.parse(createdAt) - HORIZON_MS)
    throw notShown('The head below which entries may have expired was signed less than 180 days before.');
  return { below: older.size, doubt: null, otherwise: NOTHING_ENDED.age, shownBy: 'age' };
};

/** The run is a leaf of the log, no hold stood, and all that it ended was under a head as old as its retention. */
const endedByRun = ({ run }: Horizon, older: Head, head: Head): Expirable => {
  if (!run) throw notShown('The run of expiry is missing.');
  const keeping = keepingOf(run, head);
  const { endedBelow, retentionDays } = keeping;
  const at = Date.parse(String(run.leaf.at));
  if (retentionDays < SHORTEST_RETENTION_DAYS)
    throw notShown(
      `The run of expiry says a retention of ${retentionDays} days, and none is under ${SHORTEST_RETENTION_DAYS}.`,
    );
  if (keeping.holds > 0) throw notShown('The run of expiry ended entries while a legal hold stood.');
  if (older.size < endedBelow || older.signedAt.getTime() > at - retentionDays * DAY_MS)
    throw notShown(
      `The run of expiry ended what is below leaf ${endedBelow}, and no head shows that it was sealed ${retentionDays} days before.`,
    );
  const otherwise = `the log has ended what is below leaf ${endedBelow}, and nothing else (run of ${String(run.leaf.at)}, leaf ${run.leafIndex})`;
  return { below: endedBelow, doubt: null, otherwise, shownBy: 'run' };
};

const keepingOf = ({ leafIndex, leaf, hash, withheld, shown, proof }: EntryRecord, head: Head): Keeping => {
  const commitments = Object.fromEntries(personalFieldsOf(leaf.v).map((field) => [field, withheld[field] ?? '']));
  const bytes = hashIn(hash, 'the run of expiry');
  if (Object.keys(shown).length > 0 || !sameBytes(hashOfLeaf({ ...leaf, commitments }), bytes))
    throw notShown('The run of expiry is not what was sealed.');
  if (
    leafIndex >= head.size ||
    !verifiesInclusion(leafIndex, head.size, bytes, hashesIn(proof ?? [], 'the run of expiry'), head.root)
  )
    throw notShown('The run of expiry is not proven to be in the log.');
  const { keeping } = leaf;
  if (leaf.action !== EXPIRY_RAN || leaf.actorType !== 'system' || !keeping)
    throw notShown('What the file shows as a run of expiry is none.');
  return keeping;
};

const notShown = (what: string): ExportProblem => new ExportProblem('EXPIRY_NOT_SHOWN', what);
