/** The command line within the test: its clock goes on only by waiting, and waiting takes no time. */
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { capturedRun, type Ran } from './captured-run';

export interface DeskInProcess {
  run(args: readonly string[]): Promise<Ran>;
  /** Every pause that was made. */
  pauses: readonly number[];
}

export const deskInProcess = (
  functionsUrl: string,
  { begun = '2026-03-31T09:00:00.000Z', color = false } = {},
): DeskInProcess => {
  const pauses: number[] = [];
  let now = Date.parse(begun);
  return {
    pauses,
    async run(args) {
      const machine = {
        env: {
          MUSTER_PROJECT: 'demo-muster',
          MUSTER_FUNCTIONS_URL: functionsUrl,
          MUSTER_ID_TOKEN: 'token',
          XDG_CONFIG_HOME: join(tmpdir(), 'muster-nobody-is-signed-in'),
        },
        now: () => new Date(now),
        wait: async (ms: number) => {
          pauses.push(ms);
          now += ms;
        },
      };
      return capturedRun(args, machine, { isTTY: color, columns: 110 });
    },
  };
};

/** What functions answer: a result, a refusal, or (undefined) nothing: the line breaks. */
export type Forged = { result: unknown } | { status: number; error: object } | undefined;

export interface ForgedFunctions {
  url: string;
  /** The data of every call, in order. */
  asked: Record<string, unknown>[];
  close(): Promise<void>;
}

/** Functions of which each call gets the next answer, and every further one the last. */
export const forgedFunctions = async (...answers: Forged[]): Promise<ForgedFunctions> => {
  const asked: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      const answer = answers[Math.min(asked.length, answers.length - 1)];
      asked.push((JSON.parse(body) as { data: Record<string, unknown> }).data);
      if (answer === undefined) return request.socket.destroy();
      const { status, ...said } = { status: 200, ...answer };
      return response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(said));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
};

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
};
