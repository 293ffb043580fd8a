/** What stands in the place of a brake that takes more than a line to remove. */
import { setTimeout as wait } from 'node:timers/promises';
import type { Auth } from 'firebase-admin/auth';
import * as z from 'zod';
import { isSimulated } from '@muster/functions/features/chaos/simulated-outside';
import { documentAt } from '@muster/core/storage/documents';
import { Meter } from '@muster/core/meter';
import { NORMAL } from '@muster/guard/policy-document';
import type { StagedWrite } from '@muster/core/storage/staged-write';
import { functionsOf, type Brake } from './broken-build';

type Policies = typeof import('@muster/guard/policy-document');
type Protocols = typeof import('@muster/core/storage/verify-protocol');
type Verifiers = typeof import('@muster/functions/platform/adapters/identity-verifier');
type Health = typeof import('@muster/functions/features/connectors/connector-health');

type Protocol = ReturnType<Protocols['verifyProtocol']>;
type Within = Protocol['within'];

/** A build that commits otherwise. */
const committing = (otherwise: (within: Within) => Within): Brake =>
  functionsOf<Protocols>('@muster/core/storage/verify-protocol', ({ verifyProtocol }) => ({
    verifyProtocol(...given) {
      const protocol = verifyProtocol(...given);
      return { ...protocol, within: otherwise((use) => protocol.within(use)) };
    },
  }));

const isOfExperiment = ({ path }: StagedWrite): boolean => /^muster_experiments\/.*\/muster_writes\//u.test(path);
const isKill = (write: StagedWrite): boolean =>
  write.path === 'muster_policy/current' && 'data' in write && Object.keys(write.data['killSwitches'] ?? {}).length > 0;

/** The change with which an experiment stops its writers, told by the id that it gives its request. */
const isBrake = (write: StagedWrite): boolean =>
  write.path.startsWith('muster_audit/') && 'data' in write && String(write.data['callerRequestId']).endsWith('.brake');

/** As long as it takes to a real Firestore. */
const ON_ITS_WAY_MS = 25;
/** Writers write all the time: it is not waited for longer than they are by the experiment, however busy the machine is. */
const PATIENCE_MS = 15_000;
/**
 * What was decided on is not looked at again when it is committed. That one write is on its way when the brake is set is not
 * left to chance, which over loopback and on a busy machine is small: the brake is stored once one is, and it goes on after.
 */
export const notRestingOn = (collection: string): Brake => {
  let stored: Promise<void> = Promise.resolve();
  let onItsWay = (): void => {};
  return committing((within) => async (use) => {
    let release = (): void => {};
    const committed = within(async (source) => {
      const used = await use(source);
      if (used.writes.some(isOfExperiment)) {
        await wait(ON_ITS_WAY_MS);
        onItsWay();
        await stored;
      } else if (used.writes.some(isBrake) && used.writes.some(({ path }) => path.startsWith(collection))) {
        release();
        stored = new Promise((resolve) => (release = resolve));
        const one = new Promise<void>((resolve) => (onItsWay = resolve));
        await Promise.race([one, wait(PATIENCE_MS)]);
      }
      return { ...used, restsOn: used.restsOn.filter(({ path }) => !path.startsWith(collection)) };
    });
    return committed.finally(() => release());
  });
};

/** The answer has long arrived by then. */
const LATER_MS = 250;
/** A kill is answered when it was decided. It is stored once a write was let in that was begun later: chance has no say in it. */
export const acknowledgedEarly = (): Brake => {
  let answeredAt = Infinity;
  let onLetIn = (): void => {};
  return committing((within) => async (use) => {
    const isLater = Date.now() > answeredAt + LATER_MS;
    let answer: (result: never) => void = () => {};
    const answered = new Promise<never>((resolve) => (answer = resolve));
    const stored = async () => {
      let writes: StagedWrite[] = [];
      const result = await within(async (source) => {
        const used = await use(source);
        ({ writes } = used);
        if (writes.some(isKill) && answeredAt === Infinity) {
          answeredAt = Date.now();
          answer(used.result as never);
          await Promise.race([new Promise<void>((resolve) => (onLetIn = resolve)), wait(PATIENCE_MS)]);
        }
        return used;
      });
      if (isLater && writes.some(isOfExperiment)) onLetIn();
      return result;
    };
    return Promise.race([stored(), answered]);
  });
};

/** A policy that the guard cannot read restricts nothing. */
export const normalInstead = (isSo: (stored: unknown) => boolean): Brake =>
  functionsOf<Policies>('@muster/guard/policy-document', ({ parsedPolicy }) => ({
    parsedPolicy: (stored) => parsedPolicy(stored) ?? (isSo(stored) ? NORMAL : undefined),
  }));
export const versionOf = (stored: unknown): unknown =>
  typeof stored === 'object' && stored !== null && 'version' in stored ? stored.version : undefined;

type Claims = Record<string, unknown>;

/** A verifier, of this project, to which a token is shown with other claims than it has. */
export const verifying = (shown: (claims: Claims, project: string | undefined) => Claims): Brake =>
  functionsOf<Verifiers>('@muster/functions/platform/adapters/identity-verifier', ({ firebaseIdentityVerifier }) => ({
    firebaseIdentityVerifier(auth, ...given) {
      const verifier = firebaseIdentityVerifier(auth, ...given);
      const { projectId } = (auth() as Auth).app.options;
      const instead = (claims: Claims) => shown(claims, projectId);
      return { ...verifier, verify: (token) => verifier.verify(token && withClaims(token, instead)) };
    },
  }));
const claimsIn = (token: string): Claims =>
  z.record(z.string(), z.unknown()).parse(JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()));
const withClaims = (token: string, shown: (claims: Claims) => Claims): string => {
  const [header, , signature] = token.split('.');
  try {
    return `${header}.${Buffer.from(JSON.stringify(shown(claimsIn(token)))).toString('base64url')}.${signature}`;
  } catch {
    return token;
  }
};

/** Whatever the payload says, its bearer is. */
export const believing = functionsOf<Verifiers>('@muster/functions/platform/adapters/identity-verifier', () => ({
  firebaseIdentityVerifier: () => ({
    async verify(token = '') {
      const { sub, auth_time: authTime, staff } = claimsIn(token);
      return { uid: String(sub), authTime: Number(authTime), claimed: staff === true ? ['staff'] : [] };
    },
    confirm: async () => undefined,
  }),
}));

/** Health waits for the connectors themselves, for one after another: that is more than a busy machine is slower by. */
export const askingHealth = functionsOf<Health>(
  '@muster/functions/features/connectors/connector-health',
  ({ connectorHealth }) => ({
    connectorHealth: {
      ...connectorHealth,
      async run(deps, call, input) {
        const answer = await connectorHealth.run(deps, call, input);
        const work = deps.store.read(new Meter());
        const target = z.looseObject({ url: z.string(), timeoutMs: z.number() });
        const found = await Promise.all(
          answer.connectors.map(({ id }) => work.read(documentAt(`muster_connectors/${id}`, target))),
        );
        for (const one of found) if (one && isSimulated(one.url)) await deps.outbound.probe(one);
        return answer;
      },
    },
  }),
);
