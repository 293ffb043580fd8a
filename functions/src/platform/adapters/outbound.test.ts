/** Against real servers on loopback, with a certificate of the test's own: nothing of the network is stood in for. */
import { generateKeyPairSync } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { selfSignedCertificate } from '../../../test/security/certificate';
import { nameLookup, outboundOver, type OutboundOptions } from './outbound';
import { isPublicAddress } from './public-address';

const NAME = 'connector.example';
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
const cert = selfSignedCertificate(keys, NAME);

let server: Server;
let listener: RequestListener;
let connections = 0;
beforeAll(async () => {
  server = createServer({ key, cert }, (request, response) => listener(request, response));
  server.on('connection', () => (connections += 1));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
beforeEach(() => {
  connections = 0;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const port = () => (server.address() as AddressInfo).port;
const probe = (name: string, answer: RequestListener, options: Partial<OutboundOptions> = {}, timeoutMs = 2000) => {
  listener = answer;
  return outboundOver({
    clock: () => new Date(),
    ca: cert,
    allows: (address) => address === '127.0.0.1',
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
    ...options,
  }).probe({ url: `https://${name}:${port()}/`, timeoutMs });
};

test('an answer is an answer', async () => {
  expect(await probe(NAME, (_, response) => response.end('fine'))).toEqual({
    ok: true,
    latencyMs: expect.any(Number),
    status: 200,
  });
  expect(connections).toBe(1);
});

test.each<[string, RequestListener, string, number]>([
  ['never answers', () => undefined, 'timeout', 150],
  [
    'answers slowly, a byte at a time',
    (_, response) => {
      const timer = setInterval(() => response.write('.'), 40);
      response.on('close', () => clearInterval(timer));
    },
    'timeout',
    200,
  ],
  ['answers 500', (_, response) => response.writeHead(500).end(), 'bad_status', 2000],
  [
    'sends half a body',
    (_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half', () => response.destroy());
    },
    'incomplete',
    2000,
  ],
  ['sends 10 MB', (_, response) => response.end(Buffer.alloc(10 * 1024 * 1024)), 'too_large', 2000],
  ['hangs up', (request) => request.socket.destroy(), 'unreachable', 2000],
])('one that %s is down', async (_what, answer, failure, timeoutMs) => {
  expect(await probe(NAME, answer, {}, timeoutMs)).toMatchObject({ ok: false, failure });
});

test('a redirect is not followed, wherever it leads', async () => {
  const redirect: RequestListener = (_, response) =>
    response.writeHead(302, { location: `https://${NAME}:${port()}/private` }).end();
  expect(await probe(NAME, redirect)).toMatchObject({ ok: false, failure: 'redirect' });
  expect(connections).toBe(1);
});

test('a certificate of another name, and one of an unknown authority, do not fit', async () => {
  let asked = 0;
  const answer: RequestListener = (_, response) => {
    asked += 1;
    response.end();
  };
  expect(await probe('other.example', answer)).toMatchObject({ ok: false, failure: 'certificate' });
  const unknown = outboundOver({
    clock: () => new Date(),
    allows: () => true,
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  });
  expect(await unknown.probe({ url: `https://${NAME}:${port()}/`, timeoutMs: 2000 })).toMatchObject({
    failure: 'certificate',
  });
  expect(asked).toBe(0);
});

test('a name that is not found, or does not come, is no address', async () => {
  const missing = { resolve: async () => Promise.reject(new Error('ENOTFOUND')) };
  expect(await probe(NAME, () => undefined, missing)).toMatchObject({ failure: 'unreachable' });
  const hanging = { resolve: () => new Promise<never>(() => undefined) };
  expect(await probe(NAME, () => undefined, hanging, 150)).toMatchObject({ failure: 'timeout' });
});

/** A name server that knows of one name, and lets all others hang. */
const nameServer = async (known: string, address: number[]) => {
  const socket = createSocket('udp4');
  socket.on('message', (question, { port: from, address: to }) => {
    if (!question.includes(known.split('.')[0] ?? '')) return;
    // The type comes after the name, which ends with a zero.
    const isFour = question[question.indexOf(0, 12) + 2] === 1;
    const answer = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address]);
    const header = Buffer.concat([
      question.subarray(0, 2),
      Buffer.from([0x81, 0x80, 0, 1, 0, isFour ? 1 : 0, 0, 0, 0, 0]),
    ]);
    const asked = question.subarray(12, question.indexOf(0, 12) + 5);
    socket.send(Buffer.concat([header, asked, ...(isFour ? [answer] : [])]), from, to);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
};

test('names that hang hold up no other name, and a name that leads to a private address is refused', async () => {
  const socket = await nameServer(NAME, [127, 0, 0, 1]);
  try {
    const resolve = nameLookup([`127.0.0.1:${socket.address().port}`]);
    const hanging = Array.from({ length: 20 }, (_, index) =>
      probe(`hangs${index}.example`, () => undefined, { resolve }, 4000),
    );
    let ended = 0;
    for (const one of hanging) void one.then(() => (ended += 1));
    expect(await probe(NAME, (_, response) => response.end('fine'), { resolve })).toMatchObject({ ok: true });
    expect(ended).toBe(0);
    for (const one of await Promise.all(hanging)) expect(one).toMatchObject({ failure: 'timeout' });
    expect(await probe(NAME, () => undefined, { resolve, allows: isPublicAddress })).toMatchObject({
      failure: 'address_refused',
    });
  } finally {
    socket.close();
  }
});

test.each(['127.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '2130706433', '0x7f.1'])(
  'the address %s is refused before any connection',
  async (host) => {
    const refused = await probe(host, () => undefined, { allows: isPublicAddress });
    expect(refused).toMatchObject({ ok: false, failure: 'address_refused' });
    expect(connections).toBe(0);
  },
);

test('a name is refused when one of its addresses is private', async () => {
  const resolve = async () => [
    { address: '8.8.8.8', family: 4 },
    { address: '127.0.0.1', family: 4 },
  ];
  expect(await probe(NAME, () => undefined, { allows: isPublicAddress, resolve })).toMatchObject({
    failure: 'address_refused',
  });
  expect(connections).toBe(0);
});
