/** A C2SP tlog-witness over HTTP: any log whose key is known here can ask it to cosign. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { NoteError } from '@muster/tlog/note';
import { parseAddCheckpoint } from '@muster/tlog/witness';
import { vouch, type NotVouched, type Vouched, type Witness } from './vouch';

/** A note of a hundred signatures and a proof are far smaller. */
const LONGEST_BODY = 65_536;

export type OnAnswered = (answer: Vouched | NotVouched) => void;

/** Told of what it could not judge, because it could not read or save its state. */
export type OnFailed = (error: unknown) => void;

export const witnessServer = (witness: Witness, onAnswered: OnAnswered, onFailed: OnFailed): Server =>
  createServer({ requestTimeout: 10_000 }, (request, response) => {
    answer(witness, request, response, onAnswered).catch((error: unknown) => {
      onFailed(error);
      if (!response.headersSent) say(response, 500, 'The witness cannot vouch for anything now.\n');
    });
  });

const answer = async (
  witness: Witness,
  request: IncomingMessage,
  response: ServerResponse,
  onAnswered: OnAnswered,
): Promise<void> => {
  if (request.url !== '/add-checkpoint') return say(response, 404, 'There is only /add-checkpoint here.\n');
  if (request.method !== 'POST') return say(response, 405, 'Send it with POST.\n', { allow: 'POST' });
  const body = await bodyOf(request);
  if (!body) return say(response, 413, `At most ${LONGEST_BODY} bytes.\n`, { connection: 'close' });
  const asked = readOrProblem(body);
  if (typeof asked === 'string') return say(response, 400, `Not an add-checkpoint request: ${asked}.\n`);

  const judged = await vouch(witness, asked);
  onAnswered(judged);
  if (!('refused' in judged)) return say(response, 200, judged.line);
  const { status, problem, knownSize } = judged.refused;
  if (knownSize === undefined) return say(response, status, `${problem}\n`);
  return say(response, status, `${knownSize}\n`, { 'content-type': 'text/x.tlog.size' });
};

const readOrProblem = (body: Uint8Array) => {
  try {
    return parseAddCheckpoint(body);
  } catch (error) {
    if (error instanceof NoteError) return error.message;
    throw error;
  }
};

/** Undefined when it is too long; the rest of it is not read then. */
const bodyOf = (request: IncomingMessage): Promise<Uint8Array | undefined> =>
  new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= LONGEST_BODY) chunks.push(chunk);
      else {
        request.pause();
        resolve(undefined);
      }
    });
    request.once('end', () => resolve(Buffer.concat(chunks)));
    request.once('error', reject);
  });

const say = (response: ServerResponse, status: number, text: string, headers: Record<string, string> = {}): void => {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
  response.end(text);
};
