import type { Firestore } from '@google-cloud/firestore';
import { firestoreSource, storeUnavailable } from './firestore-source';
import { MusterError } from './errors';
import { toRestFields } from './rest-values';
import { CommitInDoubt, Outrun, type CommitProtocol } from './store';
import type { Snapshot, StagedWrite } from './work';

/** Where and as whom the REST call goes. */
export interface CommitEndpoint {
  /** `https://firestore.googleapis.com`, or the emulator's origin. */
  origin: string;
  projectId: string;
  databaseId: string;
  /** A bearer token for the Firestore API; `owner` on the emulator. */
  accessToken(): Promise<string>;
  fetch: typeof fetch;
}

/** A commit that takes longer is answered as in doubt; the caller finds out by reading its own audit entry. */
const COMMIT_DEADLINE_MS = 10_000;

/**
 * Commits without a lock: a `verify` write per document that the decision rests on, so that the whole commit
 * fails if one of them changed. The server SDK does not offer `verify`; the REST call takes it. A unit of
 * work that hangs or dies before this call holds nothing, so it cannot delay a kill (docs/adr/0002).
 */
export const verifyProtocol = (firestore: Firestore, endpoint: CommitEndpoint): CommitProtocol => {
  const source = firestoreSource(firestore);
  const database = `projects/${endpoint.projectId}/databases/${endpoint.databaseId}`;
  const nameOf = (path: string) => `${database}/documents/${path}`;

  const commit = async (writes: StagedWrite[], restsOn: Snapshot[]): Promise<void> => {
    const body = JSON.stringify({
      writes: [
        ...writes.map(({ path, data, version }) => ({
          update: { name: nameOf(path), fields: toRestFields(data) },
          currentDocument: versioned(version),
        })),
        ...restsOn.map(({ path, version }) => ({ verify: nameOf(path), currentDocument: versioned(version) })),
      ],
    });
    const authorization = `Bearer ${await endpoint.accessToken()}`;
    let response: Response;
    try {
      response = await endpoint.fetch(`${endpoint.origin}/v1/${database}/documents:commit`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body,
        signal: AbortSignal.timeout(COMMIT_DEADLINE_MS),
      });
    } catch (error) {
      throw new CommitInDoubt('no answer to a commit', { cause: error });
    }
    const answer = await response.text().catch(() => '');
    if (!response.ok) throw refusalOf(response.status, answer);
  };

  return {
    source,
    async within(use) {
      const { result, writes, restsOn } = await use(source);
      if (writes.length > 0) await commit(writes, restsOn);
      return result;
    },
  };
};

const versioned = (version: string | undefined) =>
  version === undefined ? { exists: false } : { updateTime: version };

/** What a commit's refusal means, by its status in google.rpc.Code. */
const refusalOf = (status: number, answer: string): Error => {
  const name = /"status":\s*"([A-Z_]+)"/u.exec(answer)?.[1] ?? '';
  const cause = new Error(`commit refused: ${status} ${name} ${answer.slice(0, 500)}`);
  if (['FAILED_PRECONDITION', 'ALREADY_EXISTS', 'NOT_FOUND', 'ABORTED'].includes(name)) {
    return new Outrun('a document changed since it was read', { cause });
  }
  if (status === 413 || answer.includes('maximum entity size') || answer.includes('too large')) {
    return new MusterError(
      'PAYLOAD_TOO_LARGE',
      'The record would grow past what the database stores in one document. Nothing was changed.',
      { reason: 'TOO_LARGE', next: 'Shorten the texts, or split the record.' },
      { cause },
    );
  }
  if (status >= 500 || status === 429) return new CommitInDoubt('a commit failed on the server', { cause });
  return storeUnavailable(cause);
};
