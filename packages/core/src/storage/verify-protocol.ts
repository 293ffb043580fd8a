import { MusterError } from '../errors';
import type { Send } from './rest-channel';
import { fromRestFields, toFieldPath, toRestFields, type RestValue } from './rest-values';
import { CommitInDoubt, Outrun, storeRefused, storeUnavailable, type CommitProtocol } from './store';
import type { Expectation, StagedWrite } from './staged-write';
import type { Snapshot, WorkSource } from './work';

/** Where and as whom the REST calls go. */
export interface FirestoreEndpoint {
  /** `https://firestore.googleapis.com`, or the emulator's origin. */
  origin: string;
  projectId: string;
  databaseId: string;
  /** A bearer token for the Firestore API; `owner` on the emulator. */
  accessToken(): Promise<string>;
  send: Send;
  /** Milliseconds until a read, or a commit, counts as unanswered; the defaults below unless set. */
  readDeadlineMs?: number;
  commitDeadlineMs?: number;
}

/** Longer than any healthy read takes; past two of it the caller is told. */
const READ_DEADLINE_MS = 4_000;
/** A commit that takes longer is answered as in doubt; the caller finds out by reading its own audit entry. */
const COMMIT_DEADLINE_MS = 10_000;

/**
 * Commits without a lock: a `verify` write per document that the decision rests on, so that the whole commit
 * fails if one of them changed. The server SDK does not offer `verify`; the REST call takes it. A unit of
 * work that hangs or dies before this call holds nothing, so it cannot delay a kill (docs/adr/0002).
 *
 * Documents are read over the same connection: versions come to the nanosecond as they are compared, and a
 * cold start reaches its first change without loading gRPC. Queries are the SDK's (`queries`, made when needed).
 */
export const verifyProtocol = (
  endpoint: FirestoreEndpoint,
  queries: () => Pick<WorkSource, 'query' | 'count'>,
): CommitProtocol => {
  const database = `projects/${endpoint.projectId}/databases/${endpoint.databaseId}`;
  const root = `${database}/documents/`;
  const { readDeadlineMs = READ_DEADLINE_MS, commitDeadlineMs = COMMIT_DEADLINE_MS } = endpoint;

  const post = async (method: 'batchGet' | 'commit', authorization: string, body: object, deadlineMs: number) => {
    const response = await endpoint.send(`${endpoint.origin}/v1/${database}/documents:${method}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(deadlineMs),
    });
    return { ok: response.ok, status: response.status, answer: await response.text() };
  };

  /** Before anything is sent: without a token nothing can stand. */
  const authorized = async (): Promise<string> => {
    try {
      return `Bearer ${await endpoint.accessToken()}`;
    } catch (error) {
      throw storeUnavailable(error);
    }
  };

  const readOnce = async (paths: string[]): Promise<Snapshot[]> => {
    const wanted = [...new Set(paths)];
    const documents = wanted.map((path) => root + path);
    const { ok, status, answer } = await post('batchGet', await authorized(), { documents }, readDeadlineMs);
    if (!ok) {
      const cause = new Error(`read refused: ${status} ${answer.slice(0, 500)}`);
      throw isPassing(status) ? cause : storeRefused(cause);
    }
    const found = (JSON.parse(answer) as BatchGetAnswer).flatMap((one) => toSnapshot(one, root));
    // The answer is a stream: one that failed on the way has a status of 200, too. What it left out is not "no document".
    if (found.length < wanted.length) throw new Error(`read cut short: ${answer.slice(-500)}`);
    return found;
  };

  /** Once more if the first got no answer: a connection that was kept may have been closed at the other end. */
  const fetch = async (paths: string[]): Promise<Snapshot[]> => {
    try {
      return await readOnce(paths).catch((error: unknown) => {
        if (error instanceof MusterError) throw error;
        return readOnce(paths);
      });
    } catch (error) {
      throw error instanceof MusterError ? error : storeUnavailable(error);
    }
  };

  const commit = async (writes: StagedWrite[], restsOn: Snapshot[]): Promise<void> => {
    const body = {
      writes: [
        ...writes.map((write) => toRestWrite(write, root)),
        ...restsOn.map(({ path, version }) => ({
          verify: root + path,
          currentDocument: version === undefined ? { exists: false } : { updateTime: version },
        })),
      ],
    };
    const authorization = await authorized();
    const { ok, status, answer } = await post('commit', authorization, body, commitDeadlineMs).catch(
      (error: unknown) => {
        throw new CommitInDoubt('no answer to a commit', { cause: error });
      },
    );
    if (!ok) throw refusalOf(status, answer);
    // Something in between may answer 200 for Firestore, or cut its answer: only this says that the commit stands.
    if (!answer.includes('"commitTime"'))
      throw new CommitInDoubt(`half an answer to a commit: ${answer.slice(0, 500)}`);
  };

  const source: WorkSource = {
    fetch,
    query: (query) => queries().query(query),
    count: (query) => queries().count(query),
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

type BatchGetAnswer = {
  found?: { name: string; fields?: Record<string, RestValue>; updateTime: string };
  missing?: string;
}[];

/** An answer may also carry a transaction or a time alone, which is no document. */
const toSnapshot = ({ found, missing }: BatchGetAnswer[number], root: string): Snapshot[] => {
  if (missing !== undefined) return [{ path: missing.slice(root.length), data: undefined, version: undefined }];
  if (!found) return [];
  return [{ path: found.name.slice(root.length), data: fromRestFields(found.fields ?? {}), version: found.updateTime }];
};

const toRestWrite = (write: StagedWrite, root: string): object => {
  const name = root + write.path;
  const expected = preconditionOf(write.expects);
  switch (write.kind) {
    case 'set':
      return { update: { name, fields: toRestFields(write.data) }, ...expected };
    case 'update':
      return {
        update: { name, fields: toRestFields(write.data) },
        updateMask: { fieldPaths: maskOf(write.data) },
        ...expected,
      };
    case 'delete':
      return { delete: name, ...expected };
    case 'increment':
      return {
        update: { name, fields: toRestFields(write.data) },
        updateMask: { fieldPaths: maskOf(write.data) },
        updateTransforms: write.by.map(({ field, add }) => ({
          fieldPath: toFieldPath(...field),
          increment: { integerValue: String(add) },
        })),
        ...expected,
      };
    default:
      return unheardOf(write);
  }
};

const unheardOf = (write: never): never => {
  throw new TypeError(`a write of an unknown kind: ${JSON.stringify(write)}`);
};

/** A field that is undefined is left out here too: named in the mask alone it would be deleted. */
const maskOf = (data: Record<string, unknown>): string[] =>
  Object.keys(data)
    .filter((field) => data[field] !== undefined)
    .map((field) => toFieldPath(field));

const preconditionOf = (expects: Expectation): object => {
  if (expects === 'anything') return {};
  if (expects === 'absent') return { currentDocument: { exists: false } };
  if (expects === 'present') return { currentDocument: { exists: true } };
  return { currentDocument: { updateTime: expects.version } };
};

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
  return isPassing(status) ? new CommitInDoubt('a commit failed on the server', { cause }) : storeRefused(cause);
};

/** The server's own trouble, which may be over with the next call. */
const isPassing = (status: number): boolean => status >= 500 || status === 429;
