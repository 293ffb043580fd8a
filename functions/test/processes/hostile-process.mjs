/**
 * A process of servers on loopback, each with its own way of failing. What it is told and answers: `functions/test/processes/hostile-servers.ts`.
 */
import { once } from 'node:events';
import { createServer } from 'node:https';
import { connect, createServer as createSocketServer } from 'node:net';

/** @type {Record<string, number>} */
const counts = {};
/** @type {Record<string, number>} */
const ports = {};
let healed = false;

/**
 * @param {string} name
 * @param {import('node:net').Server} server
 */
async function listening(name, server) {
  counts[name] = 0;
  server.on('connection', (socket) => {
    counts[name] = (counts[name] ?? 0) + 1;
    socket.on('error', () => undefined);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  ports[name] = typeof address === 'object' && address !== null ? address.port : 0;
}

/** @type {Record<string, import('node:http').RequestListener>} */
const answers = {
  well: (_, response) => response.end('fine'),
  slow: (_, response) => void setTimeout(() => response.end('at last'), 10_000),
  never: () => undefined,
  dripping: (_, response) => {
    const timer = setInterval(() => response.write('.'), 40);
    response.on('close', () => clearInterval(timer));
  },
  failing: (_, response) => response.writeHead(500).end(),
  half: (_, response) => {
    response.writeHead(200, { 'content-length': '100' });
    response.write('half', () => response.destroy());
  },
  redirecting: (_, response) => response.writeHead(302, { location: `https://127.0.0.1:${ports['trap']}/` }).end(),
  metadata: (_, response) => response.writeHead(307, { location: 'http://169.254.169.254/latest/' }).end(),
  misnamed: (_, response) => response.end('who else'),
  large: (_, response) => response.end(Buffer.alloc(10 * 1024 * 1024)),
  closing: (request) => request.socket.destroy(),
};

/** @param {{ key: string, cert: string, otherCert: string }} keys */
async function start({ key, cert, otherCert }) {
  await listening('trap', createSocketServer());
  /** @type {Record<string, import('node:https').Server>} */
  const secure = {};
  for (const [name, answer] of Object.entries(answers)) {
    const server = createServer({ key, cert }, (request, response) =>
      (healed ? answers['well'] : answer)?.(request, response),
    );
    secure[name] = server;
    await listening(name, server);
  }
  // Says nothing until it is made well, so that not even the handshake ends.
  const silent = createSocketServer((socket) => {
    if (!healed) return;
    const through = connect(ports['well'] ?? 0, '127.0.0.1');
    socket.pipe(through).pipe(socket);
    through.on('error', () => socket.destroy());
  });
  await listening('unencrypted', silent);

  process.on('message', (message) => {
    if (message === 'heal') {
      healed = true;
      secure['misnamed']?.setSecureContext({ key, cert: otherCert });
    }
    process.send?.(counts);
  });
  process.send?.(ports);
}

process.once('message', (keys) => void start(/** @type {Parameters<typeof start>[0]} */ (keys)));
process.once('disconnect', () => process.exit());
