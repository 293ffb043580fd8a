import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { keptConnections } from './rest-channel';

const serving = async (listener: RequestListener) => {
  const server = createServer(listener);
  // As the emulator does: it keeps what a client keeps.
  server.keepAliveTimeout = 0;
  const sockets: Socket[] = [];
  server.on('connection', (socket) => sockets.push(socket));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  return { url, sockets, close: () => (server.closeAllConnections(), server.close()) };
};
const asked = { method: 'POST', headers: {}, body: '{}', signal: new AbortController().signal } as const;

const answering: RequestListener = (request, response) => {
  request.resume();
  response.end('{}');
};

test('a connection is used again', async () => {
  const { url, sockets, close } = await serving(answering);
  const send = keptConnections();
  await send(url, asked);
  expect(await send(url, asked)).toMatchObject({ ok: true });
  expect(sockets).toHaveLength(1);
  close();
});

test('a connection that nobody used for a while is closed by us, and the next call opens another', async () => {
  const { url, sockets, close } = await serving(answering);
  const send = keptConnections({ idleMs: 20 });
  await send(url, asked);
  if (sockets[0]?.closed === false) await once(sockets[0], 'close');
  expect(await send(url, asked)).toMatchObject({ ok: true });
  expect(sockets).toHaveLength(2);
  close();
});

test('an answer that takes longer than that still comes', async () => {
  const { url, close } = await serving((request, response) => {
    request.resume();
    // What the server sees: for three times the limit nothing happened on the connection.
    response.setTimeout(90, () => void response.end('late'));
  });
  const answer = await keptConnections({ idleMs: 30 })(url, asked);
  expect(await answer.text()).toBe('late');
  close();
});
