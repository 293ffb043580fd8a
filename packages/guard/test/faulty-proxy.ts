/** A proxy on loopback in front of the Firestore emulator that breaks as real networks and databases do. */
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { once } from 'node:events';

/**
 * What happens to a call. `down`: nobody listens. `silent`: no answer ever. `lost`: done, and the connection cut before the
 * answer. `cut`: in the middle of the answer. `half`: half of it, as if it were all. `short`: a list that lacks its end.
 * `elsewhere`: something else answers 200. A number: that status, and nothing was done.
 */
export type Fault = 'down' | 'silent' | 'lost' | 'cut' | 'half' | 'short' | 'elsewhere' | number;

export class FaultyProxy {
  readonly #target: string;
  readonly #sockets = new Set<Socket>();
  #server: Server;
  #port = 0;
  #faultOf: (call: string) => Fault | undefined = () => undefined;
  /** Calls that arrived, by their last word: `batchGet`, `commit`. */
  readonly calls: string[] = [];

  private constructor(target: string) {
    this.#target = target;
    this.#server = this.#newServer();
  }

  static async before(target: string): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target);
    await proxy.#listen();
    return proxy;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** From now on `fault` happens to these calls; all others, and all while there is none, pass. */
  async breaks(fault: Fault | undefined, calls: readonly string[] = ['batchGet', 'commit']): Promise<void> {
    this.calls.length = 0;
    this.#faultOf = (call) => (calls.includes(call) ? fault : undefined);
    if (fault === 'down') await this.close();
    else if (!this.#server.listening) await this.#listen();
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = once(this.#server, 'close');
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  async #listen(): Promise<void> {
    this.#server = this.#newServer();
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  #newServer(): Server {
    const server = createServer((incoming, outgoing) => void this.#handle(incoming, outgoing));
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    return server;
  }

  async #handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const body = Buffer.concat(await incoming.toArray());
    const call = incoming.url?.split(':').at(-1) ?? '';
    this.calls.push(call);
    const fault = this.#faultOf(call);
    if (fault === 'silent') return;
    if (fault === 'elsewhere') return void outgoing.end('<html>Sign in to this network</html>');
    if (typeof fault === 'number') {
      outgoing.writeHead(fault, { 'content-type': 'application/json' });
      return void outgoing.end('{"error":{"code":0,"status":"UNAVAILABLE","message":"not now"}}');
    }
    const { status, answer } = await this.#forward(incoming, body);
    if (fault === 'lost') return void outgoing.socket?.destroy();
    const text = fault === 'short' ? JSON.stringify((JSON.parse(answer) as unknown[]).slice(0, -1)) : answer;
    const sent = fault === 'cut' || fault === 'half' ? text.slice(0, text.length / 2) : text;
    outgoing.writeHead(status, { 'content-length': Buffer.byteLength(fault === 'cut' ? text : sent) });
    if (fault === 'cut') outgoing.write(sent, () => outgoing.socket?.destroy());
    else outgoing.end(sent);
  }

  #forward({ url, headers, method }: IncomingMessage, body: Buffer): Promise<{ status: number; answer: string }> {
    return new Promise((resolve, reject) => {
      const forwarded = request(`${this.#target}${url}`, { method, headers }, (response) => {
        response
          .toArray()
          .then((chunks) => resolve({ status: response.statusCode ?? 0, answer: Buffer.concat(chunks).toString() }))
          .catch(reject);
      });
      forwarded.on('error', reject);
      forwarded.end(body);
    });
  }
}
