/** The other way round: the newest head is brought to a C2SP witness, and its cosignature back to the log. */
import { fromBase64 } from '@muster/tlog/crypto';
import { formatAddCheckpoint } from '@muster/tlog/witness';
import type { CommandContext } from '../../command-context';
import { Failure } from '@muster/client/failure';

/** Where it is brought to, and how. */
export interface WitnessAddress {
  /** The prefix under which the witness takes `/add-checkpoint`. */
  url: URL;
  fetch: typeof fetch;
}

export type Submission =
  | { size: number; cosignatures: { line: string; added: boolean }[] }
  | { empty: true }
  /** What the witness said, and with which status of C2SP tlog-witness. */
  | { refused: { status: number; said: string } };

const TIMEOUT_MS = 30_000;
const LONGEST_ANSWER = 10_000;

/** Asks what the witness has seen by submitting from nothing; it answers with its size (409), from which the proof is made. */
export const submitTo = async (
  { fetch }: Pick<CommandContext, 'fetch'>,
  witness: WitnessAddress,
): Promise<Submission> => {
  const { head } = await fetch('audit-head', {});
  if (!head) return { empty: true };
  const ask = async (oldSize: number) => {
    const proof = await proofFrom(fetch, oldSize, head.size);
    return posted(witness, formatAddCheckpoint({ oldSize, proof, note: head.note }));
  };
  let answer = await ask(0);
  const known = answer.status === 409 ? knownSize(answer.said) : undefined;
  if (known !== undefined && known > head.size)
    return {
      refused: { status: 409, said: `it has seen ${known} leaves of this log, which says that it has ${head.size}` },
    };
  if (known !== undefined) answer = await ask(known);
  if (answer.status !== 200) return { refused: answer };
  const lines = answer.said.split('\n').filter((line) => line !== '');
  const cosignatures = [];
  for (const line of lines) {
    const { added } = await fetch('audit-cosign', { size: head.size, cosignature: line });
    cosignatures.push({ line, added });
  }
  return { size: head.size, cosignatures };
};

const knownSize = (said: string): number | undefined =>
  /^(?:0|[1-9]\d{0,15})\n?$/u.test(said) ? Number(said) : undefined;

const proofFrom = async (fetch: CommandContext['fetch'], older: number, newer: number): Promise<Uint8Array[]> => {
  if (older === 0 || older === newer) return [];
  const { consistency } = await fetch('audit-prove', { older, newer });
  return (consistency?.proof ?? []).map(fromBase64);
};

const posted = async ({ url, fetch }: WitnessAddress, body: string): Promise<{ status: number; said: string }> => {
  try {
    const response = await fetch(new URL('add-checkpoint', withSlash(url)), {
      method: 'POST',
      body,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, said: (await response.text()).slice(0, LONGEST_ANSWER) };
  } catch (error) {
    throw new Failure(
      'UNAVAILABLE',
      `The witness at ${url.origin} did not answer. Nothing was changed.`,
      {
        reason: 'STORE_UNAVAILABLE',
        next: 'See whether it runs, and that the address is its prefix, without /add-checkpoint.',
      },
      { cause: error },
    );
  }
};

const withSlash = (url: URL): URL => new URL(url.pathname.endsWith('/') ? url : `${url.href}/`);
