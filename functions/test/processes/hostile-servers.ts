/**
 * Real servers on loopback, each with its own way of failing, and with a certificate of the test's own. They run in a process
 * of their own, as what they do must cost the test's nothing. All of them can be made well again.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import type { OutboundOptions } from '../../src/platform/adapters/outbound';
import { selfSignedCertificate } from '../security/certificate';

const TRUSTED = '*.connector.example';
const OTHER = '*.other.example';

/** How each of them fails, as a probe must call it. */
export const HOSTILE = {
  slow: 'timeout',
  never: 'timeout',
  dripping: 'timeout',
  unencrypted: 'timeout',
  failing: 'bad_status',
  half: 'incomplete',
  redirecting: 'redirect',
  metadata: 'redirect',
  misnamed: 'certificate',
  large: 'too_large',
  closing: 'unreachable',
} as const;
export type Hostile = keyof typeof HOSTILE;

type Counts = Record<Hostile | 'well' | 'trap', number>;

export interface HostileServers {
  /** What a connector to it is registered with. */
  urlOf(kind: Hostile | 'well'): string;
  /** Connections that each was asked for so far; `trap` is where a redirect leads. */
  connections(): Promise<Counts>;
  heal(): Promise<void>;
  /** For the transport: the loopback alone is allowed, every name leads there, and these certificates are trusted. */
  options: Pick<OutboundOptions, 'allows' | 'resolve' | 'ca'>;
  close(): void;
}

export const hostileServers = async (): Promise<HostileServers> => {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const key = keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const [cert, otherCert] = [selfSignedCertificate(keys, TRUSTED), selfSignedCertificate(keys, OTHER)];
  const servers = fork(join(__dirname, 'hostile-process.mjs'), { execArgv: [] });
  const told = async (message: object | 'heal' | 'count'): Promise<Counts> => {
    const answered = once(servers, 'message') as Promise<[Counts]>;
    servers.send(message);
    const [answer] = await answered;
    return answer;
  };
  const ports = await told({ key, cert, otherCert });

  return {
    urlOf: (kind) => `https://${kind}.${kind === 'misnamed' ? 'other' : 'connector'}.example:${ports[kind]}/`,
    connections: () => told('count'),
    async heal() {
      await told('heal');
    },
    options: {
      allows: (address) => address === '127.0.0.1',
      resolve: async () => [{ address: '127.0.0.1', family: 4 }],
      ca: `${cert}\n${otherCert}`,
    },
    close: () => servers.disconnect(),
  };
};
