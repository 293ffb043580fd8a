/** Requests to addresses that people typed in: none may reach what only this process can reach. */
import { Resolver } from 'node:dns/promises';
import { request } from 'node:https';
import * as ipaddr from 'ipaddr.js';
import type { Clock } from '@muster/core/clock';
import type { OutboundFailure } from '@muster/contract/connectors';
import { isPublicAddress } from './public-address';

export interface OutboundTarget {
  url: string;
  /** For everything: name, connection, answer. */
  timeoutMs: number;
}

/** `status` is null when no answer came as far as that. */
export type OutboundResult =
  | { ok: true; latencyMs: number; status: number }
  | { ok: false; latencyMs: number; status: number | null; failure: OutboundFailure };

export interface Outbound {
  /** One GET of the address. Never throws: what went wrong is what was found. */
  probe(target: OutboundTarget): Promise<OutboundResult>;
}

type Resolved = { address: string; family: number };

export interface OutboundOptions {
  clock: Clock;
  /** Which addresses may be connected to; those of the public internet unless set. */
  allows?: (address: string) => boolean;
  /** The addresses of a name; ends with the signal. */
  resolve?: (host: string, signal: AbortSignal) => Promise<Resolved[]>;
  /** Whom to trust instead of the machine's own authorities. */
  ca?: string;
}

/** An answer is small; whatever sends more is not what was registered. */
const MOST_BYTES = 64 * 1024;

/**
 * Asks the name servers itself. The system's own look-up takes one of the process' four threads for as long as a name hangs, so
 * that four such names would hold up the probes of all other connectors. Servers are the system's unless given.
 */
export const nameLookup =
  (servers?: string[]) =>
  async (host: string, signal: AbortSignal): Promise<Resolved[]> => {
    // Asked again soon: what is lost on the way should not cost the whole deadline.
    const resolver = new Resolver({ timeout: 1_000, tries: 4 });
    signal.addEventListener('abort', () => resolver.cancel(), { once: true });
    if (servers) resolver.setServers(servers);
    const [four, six] = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
    if (four.status === 'rejected' && six.status === 'rejected') throw four.reason;
    return [
      ...(four.status === 'fulfilled' ? four.value.map((address) => ({ address, family: 4 })) : []),
      ...(six.status === 'fulfilled' ? six.value.map((address) => ({ address, family: 6 })) : []),
    ];
  };

/** What is sent; the address check, the deadline and the reading of the answer are the same for all. */
interface Sent {
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  body?: string;
  /** Called once the receiver's end is known to be its own: from now on it may have what was sent. */
  onReached?: () => void;
}

export const outboundOver = (options: OutboundOptions): Outbound => ({
  probe: (target) => exchange(options, target, { method: 'GET', headers: { 'user-agent': 'Muster-Probe' } }),
});

/** `reached`: the receiver may have it, whatever it answered, or did not. */
export type PostResult = OutboundResult & { reached: boolean };

/** One POST of JSON. Never throws. A receiver that says yes, and then more than anyone reads, has said yes. */
export const postOver =
  (options: OutboundOptions) =>
  async (target: OutboundTarget, body: string, headers: Record<string, string>): Promise<PostResult> => {
    let reached = false;
    const result = await exchange(options, target, {
      method: 'POST',
      headers: {
        ...headers,
        'user-agent': 'Muster-Delivery',
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
      },
      body,
      onReached: () => (reached = true),
    });
    if (!result.ok && result.failure === 'too_large' && result.status !== null) {
      return { ok: true, latencyMs: result.latencyMs, status: result.status, reached };
    }
    return { ...result, reached };
  };

const exchange = async (
  { clock, allows = isPublicAddress, resolve = nameLookup(), ca }: OutboundOptions,
  { url, timeoutMs }: OutboundTarget,
  sent: Sent,
): Promise<OutboundResult> => {
  const began = clock().getTime();
  const latencyMs = () => clock().getTime() - began;
  const stop = new AbortController();
  const deadline = setTimeout(() => stop.abort(), timeoutMs);
  try {
    const addresses = await Promise.race([
      checked(new URL(url), allows, (host) => resolve(host, stop.signal)),
      aborted(stop.signal),
    ]);
    const { status, failure } = await answerTo(url, sent, addresses, stop.signal, ca);
    if (failure === undefined) return { ok: true, latencyMs: latencyMs(), status };
    return { ok: false, latencyMs: latencyMs(), status, failure };
  } catch (error) {
    const failure = stop.signal.aborted ? 'timeout' : failureOf(error);
    return { ok: false, latencyMs: latencyMs(), status: null, failure };
  } finally {
    clearTimeout(deadline);
  }
};

class AddressRefused extends Error {
  override name = 'AddressRefused';
}

/** The addresses that are connected to: all of them allowed, and not looked up again, so that a name cannot change. */
const checked = async (
  { hostname }: URL,
  allows: (address: string) => boolean,
  resolve: (host: string) => Promise<Resolved[]>,
): Promise<Resolved[]> => {
  const host = hostname.replaceAll(/^\[|\]$/gu, '');
  const found = ipaddr.isValid(host) ? [{ address: host, family: host.includes(':') ? 6 : 4 }] : await resolve(host);
  if (found.length === 0) throw new Error('the name has no address');
  if (!found.every(({ address }) => allows(address))) throw new AddressRefused();
  return found;
};

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, refuse) => {
    signal.addEventListener('abort', () => refuse(new Error('the deadline has passed')), { once: true });
  });

interface Answer {
  status: number;
  /** What is wrong with it; undefined when nothing is. */
  failure?: OutboundFailure;
}

/** Its connection is gone by the time that this is settled. */
const answerTo = (
  url: string,
  { method, headers, body, onReached }: Sent,
  addresses: Resolved[],
  signal: AbortSignal,
  ca: string | undefined,
): Promise<Answer> =>
  new Promise((done, refuse) => {
    const asked = request(url, {
      method,
      agent: false,
      signal,
      rejectUnauthorized: true,
      headers: { accept: '*/*', ...headers, connection: 'close' },
      ...(ca === undefined ? {} : { ca }),
      lookup: (_host, { all }, answer) => {
        const [first] = addresses;
        if (all) answer(null, addresses);
        else if (first) answer(null, first.address, first.family);
      },
    });
    asked.on('error', refuse);
    if (onReached) asked.on('socket', (socket) => socket.once('secureConnect', onReached));
    asked.on('response', (response) => {
      const status = response.statusCode ?? 0;
      const finish = (failure?: OutboundFailure): void => {
        asked.destroy();
        done(failure === undefined ? { status } : { status, failure });
      };
      if (status >= 300 && status < 400) return finish('redirect');
      if (status < 200 || status >= 300) return finish('bad_status');
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MOST_BYTES) finish('too_large');
      });
      response.on('end', () => finish());
      response.on('error', () => (signal.aborted ? refuse(new Error('aborted')) : finish('incomplete')));
    });
    asked.end(body);
  });

const failureOf = (error: unknown): OutboundFailure => {
  if (error instanceof AddressRefused) return 'address_refused';
  const { code } = error as { code?: unknown };
  return /CERT|SELF_SIGNED|UNABLE_TO|^ERR_SSL|^ERR_TLS/u.test(typeof code === 'string' ? code : '')
    ? 'certificate'
    : 'unreachable';
};
