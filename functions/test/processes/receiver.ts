/** A receiver of deliveries: a real HTTPS server on loopback, which verifies every signature and keeps what came. */
import { generateKeyPairSync } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { courierOver, type Courier } from '../../src/platform/adapters/courier';
import { selfSignedCertificate } from '../security/certificate';

export const DELIVERY_SECRET = `whsec_${Buffer.from('a key that only this test knows, of 48 bytes....').toString('base64')}`;
const NAME = 'receiver.example';

export interface Arrival {
  id: string;
  connector: string;
  sequence: number;
  body: { type: string; timestamp: string; data: Record<string, unknown> };
}

/** What the receiver does with one that came; `count` is how many came before. */
type Answer = (response: ServerResponse, arrival: Arrival, count: number) => unknown;

export interface Receiver {
  url: string;
  /** Enough for another process to reach it, as a courier of its own. */
  reach: CourierReach;
  courier: Courier;
  /** All that came, in this order, whatever was answered. */
  arrivals: Arrival[];
  /** What was wrong with a delivery; empty when every one was signed as it should be. */
  wrong: string[];
  /** What it does; 204 unless set. */
  answer: Answer;
  close(): void;
}

export interface CourierReach {
  ca: string;
  secret: string;
}

/** A courier whose deliveries to `receiver.example` come to loopback; everything else of it is as deployed. */
export const courierTo = ({ ca, secret }: CourierReach): Courier =>
  courierOver({
    clock: () => new Date(),
    secret,
    ca,
    allows: (address) => address === '127.0.0.1',
    resolve: async () => [{ address: '127.0.0.1', family: 4 }],
  });

export const openReceiver = async (): Promise<Receiver> => {
  const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ca = selfSignedCertificate(keys, NAME);
  const verifier = new Webhook(DELIVERY_SECRET);
  const server = createServer({ key: keys.privateKey.export({ type: 'pkcs8', format: 'pem' }), cert: ca });
  const reach = { ca, secret: DELIVERY_SECRET };
  const receiver: Receiver = {
    url: '',
    reach,
    courier: courierTo(reach),
    arrivals: [],
    wrong: [],
    answer: (response) => response.writeHead(204).end(),
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
  server.on('request', (request, response) => {
    let text = '';
    request.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')));
    request.on('end', () => {
      const headers = request.headers as Record<string, string>;
      let body: unknown;
      try {
        body = verifier.verify(text, headers);
      } catch (error) {
        receiver.wrong.push(`${headers['webhook-id']}: ${String(error)}`);
      }
      const arrival: Arrival = {
        id: headers['webhook-id'] ?? '',
        connector: headers['muster-connector'] ?? '',
        sequence: Number(headers['muster-sequence']),
        body: body as Arrival['body'],
      };
      const count = receiver.arrivals.length;
      receiver.arrivals.push(arrival);
      receiver.answer(response, arrival, count);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  receiver.url = `https://${NAME}:${(server.address() as AddressInfo).port}/hook`;
  return receiver;
};

/** What a receiver keeps that drops every id that it has. */
export const withoutRepeated = (arrivals: readonly Arrival[]): Arrival[] => {
  const seen = new Set<string>();
  return arrivals.filter(({ id }) => !seen.has(id) && seen.add(id));
};
