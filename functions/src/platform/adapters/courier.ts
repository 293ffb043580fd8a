/** Signed deliveries, as Standard Webhooks have them (https://www.standardwebhooks.com). */
import { Webhook } from 'standardwebhooks';
import { postOver, type OutboundOptions, type OutboundTarget, type PostResult } from './outbound';

/** What is delivered. `id` is the same with each attempt, so that a receiver can drop what it has. */
export interface Message {
  id: string;
  /** JSON. */
  body: string;
  headers: Record<string, string>;
}

export interface Courier {
  /** One signed POST. Never throws: what went wrong is what was found. */
  post(target: OutboundTarget, message: Message): Promise<PostResult>;
}

/** `secret` is one key or more, separated by white space: a receiver that knows one of them takes the delivery. */
export const courierOver = (options: OutboundOptions & { secret: string }): Courier => {
  const keys = keysIn(options.secret);
  const post = postOver(options);
  return {
    post(target, { id, body, headers }) {
      const at = options.clock();
      return post(target, body, {
        ...headers,
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': keys.map((key) => key.sign(id, at, body)).join(' '),
      });
    },
  };
};

const KEY = /^whsec_([A-Za-z0-9+/]+={0,2})$/u;
/** In bytes, as Standard Webhooks say. */
const SHORTEST_KEY = 24;

const keysIn = (secret: string): Webhook[] => {
  const keys = secret.trim().split(/\s+/u);
  const isKey = (key: string) => Buffer.from(KEY.exec(key)?.[1] ?? '', 'base64').length >= SHORTEST_KEY;
  // The key itself stands in no message.
  if (!keys.every(isKey)) throw new Error('MUSTER_DELIVERY_SECRET must be whsec_ and at least 24 bytes in base64.');
  return keys.map((key) => new Webhook(key));
};
