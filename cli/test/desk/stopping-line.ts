/** The way from a client to a server, which the test stops at, and cuts: an HTTP server on loopback that hands on. */
import { once } from 'node:events';
import { createServer, request, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export interface StoppingLine {
  /** `host:port` */
  host: string;
  /** From now on every connection is cut, and none is accepted. What was handed on is carried out all the same. */
  cut(): void;
  /** Cuts it, and waits for what was handed on. */
  close(): Promise<void>;
}

/** `asked` is awaited, with its path, before a request is handed on; false cuts its connection instead. */
export const stoppingLine = async (
  target: string,
  asked: (path: string) => Promise<boolean>,
): Promise<StoppingLine> => {
  const sockets = new Set<Socket>();
  const underWay = new Set<Promise<void>>();
  const handOn = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const body = Buffer.concat(await incoming.toArray());
    if (!(await asked(incoming.url ?? ''))) return void incoming.socket.destroy();
    const { status, headers, answer } = await answerOf(target, incoming, body);
    outgoing.writeHead(status, headers).end(answer);
  };
  const server = createServer((incoming, outgoing) => {
    // A client that is gone, before it has said all or before it is answered, is none of the test's troubles.
    const handing = handOn(incoming, outgoing).catch(() => void incoming.socket.destroy());
    underWay.add(handing);
    void handing.then(() => underWay.delete(handing));
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    if (server.listening) server.close();
    for (const socket of sockets) socket.destroy();
  };
  return {
    host: `127.0.0.1:${port}`,
    cut,
    async close() {
      const closed = server.listening ? once(server, 'close') : undefined;
      cut();
      await closed;
      await Promise.all(underWay);
    },
  };
};

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  answer: Buffer;
}

const answerOf = (target: string, { url, method, headers }: IncomingMessage, body: Buffer): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const forwarded = request(`${target}${url}`, { method, headers }, (response) => {
      const { statusCode = 502 } = response;
      response
        .toArray()
        .then((chunks) => resolve({ status: statusCode, headers: response.headers, answer: Buffer.concat(chunks) }))
        .catch(reject);
    });
    forwarded.on('error', reject);
    forwarded.end(body);
  });
