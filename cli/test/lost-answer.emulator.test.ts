import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ResponseOf } from '@muster/contract';
import { behind, deskOf, newScenario, type Desk, type Person } from './desk/muster';

const suite = behind();
let scenario: string;
let staff: Desk & Person;

beforeAll(async () => {
  scenario = await newScenario(suite);
  staff = await deskOf(suite, { staff: true });
});
afterAll(() => suite.close());

interface Line {
  url: string;
  requestIds: string[];
  close(): Promise<void>;
}

/** A line to the functions that carries every request there and loses the first answers on the way back. */
const lossyLine = async (lost: number): Promise<Line> => {
  const requestIds: string[] = [];
  const server: Server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = Buffer.concat(chunks).toString('utf8');
      requestIds.push((JSON.parse(body) as { data: { requestId: string } }).data.requestId);
      const answer = await fetch(`${process.env['MUSTER_FUNCTIONS_URL']}${request.url}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: request.headers.authorization ?? '' },
        body,
      });
      const text = await answer.text();
      if (requestIds.length <= lost) return request.socket.destroy();
      return response.writeHead(answer.status, { 'content-type': 'application/json' }).end(text);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requestIds,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
};

const drillsOf = async (id: string) =>
  (await staff.json<ResponseOf<'drills-list'>>(['drill', 'list', '--scenario', id])).drills;

test('a change whose answer is lost is repeated with the same id, and done once', async () => {
  const line = await lossyLine(1);
  const start = ['drill', 'start', '--scenario', scenario];
  const { drill } = await staff.json<ResponseOf<'drills-start'>>(start, { MUSTER_FUNCTIONS_URL: line.url });
  await line.close();
  expect(line.requestIds).toHaveLength(2);
  expect(new Set(line.requestIds).size).toBe(1);
  expect((await drillsOf(scenario)).map(({ id }) => id)).toEqual([drill.id]);
});

test('when every answer is lost, the id to repeat it with is told, and repeating it does it once', async () => {
  const own = await newScenario(suite);
  const line = await lossyLine(3);
  const start = ['drill', 'start', '--scenario', own];
  const { exitCode, stderr } = await staff.run([...start, '--json'], { MUSTER_FUNCTIONS_URL: line.url });
  await line.close();
  expect(exitCode).toBe(7);
  const { error } = JSON.parse(stderr) as { error: { details: { requestId: string } } };
  expect(new Set(line.requestIds)).toEqual(new Set([error.details.requestId]));
  await staff.json([...start, '--request-id', error.details.requestId]);
  expect(await drillsOf(own)).toHaveLength(1);
});
