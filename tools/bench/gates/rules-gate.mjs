import { randomBytes } from 'node:crypto';

const { FIRESTORE_EMULATOR_HOST, GCLOUD_PROJECT } = process.env;

/** The emulator takes a token without a signature; the rules look at what it says. */
const encoded = (/** @type {object} */ value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const claims = { sub: 'bench-client', user_id: 'bench-client', aud: GCLOUD_PROJECT, iat: 0, auth_time: 0 };
const token = `${encoded({ alg: 'none', typ: 'JWT' })}.${encoded(claims)}.`;

/**
 * A client that writes through rules, as a web page does: nothing asks before, the database refuses.
 *
 * @type {import('./writer-process.mjs').OpenGate}
 */
export async function open(collection) {
  const root = `http://${FIRESTORE_EMULATOR_HOST}/v1/projects/${GCLOUD_PROJECT}/databases/(default)/documents`;
  let denied = false;
  return {
    allowed: () => !denied,
    write: async () => {
      const response = await fetch(`${root}/${collection}?documentId=${randomBytes(10).toString('hex')}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ fields: { seen: { booleanValue: true } } }),
      });
      if (response.status === 403) denied = true;
      else if (!response.ok) throw new Error(`${response.status} ${await response.text()}`);
      else await response.arrayBuffer();
    },
    close: async () => {},
  };
}
