/** What is left of 1,000 expressions in the worst case of each rule that asks the policy. */
import { collection, doc, serverTimestamp, setDoc, setLogLevel, Timestamp } from 'firebase/firestore';
import { noteId } from '@muster/contract/notes';
import { expressionsTaken, PADDING, type Measured } from './expressions';
import { permitting } from './policies';
import { helpersFile, musterRules, rosterRules } from './rules-files';

/** So much room is kept for what a product asks beside ours, and for what comes. */
const GOAL = 800;

const WORST = 'everything that can be killed is killed, in read_only, and all of it exempts';
const UID = 'uid-one';
const TOKEN = { sub: UID, auth_time: 2_000_000_000, staff: true };
const REVOKED = { validAfter: new Date(1_000_000_000_000), withdrawn: ['auditor'], granted: ['staff'] };

const worstPolicy = (capability: string): object => permitting({ capability, uid: UID })[WORST] ?? {};

beforeAll(() => setLogLevel('silent'));

/** Both variants: where all claims are roles, and where those alone are that Muster granted. */
const VARIANTS = { claims: musterRules, roster: rosterRules };
type Variant = keyof typeof VARIANTS;

/** Muster's rules, with room in front of one condition of theirs. */
const paddedBefore = (variant: Variant, condition: string): string => {
  const rules = VARIANTS[variant]();
  if (rules.split(condition).length !== 2) throw new Error(`not once in the rules: ${condition}`);
  return rules.replace(condition, condition.replace('if ', `if ${PADDING} && `));
};

/** A product's own rules, as the guard's README has them. */
const asInReadme = `rules_version = '2';
service cloud.firestore {
  match /databases/{database}/documents {
${helpersFile()}
    match /work/{id} {
      allow create: if ${PADDING} && signedIn() && allows('connector.acme.orders.write');
    }
  }
}`;

/** Each try is a note of its own. */
let numbers = 0;
const nextNumber = (): number => (numbers += 1);

const experiment = { status: 'armed', by: UID, scope: 'abc', leaseUntil: new Date(Date.now() + 3_600_000) };
const keptUntil = new Date(Math.floor(Date.now() / 1000) * 1000 + 3_600_000);

const worst: Record<string, (variant: Variant) => Measured> = {
  "a product's, as the README has it": () => ({
    rules: asInReadme,
    stored: {
      'muster_policy/current': worstPolicy('connector.acme.orders.write'),
      [`muster_revocations/${UID}`]: REVOKED,
    },
    token: TOKEN,
    write: (client) => setDoc(doc(collection(client, 'work')), { a: 1 }),
  }),
  "a participant's note": (variant) => ({
    rules: paddedBefore(variant, 'allow create: if isOwnNote(request.resource.data)'),
    stored: {
      'muster_policy/current': worstPolicy('muster.drills.note'),
      [`muster_revocations/${UID}`]: REVOKED,
      'muster_drills/drl_one': { status: 'in_progress', participants: ['uid-other', UID], startedAt: new Date(0) },
    },
    token: TOKEN,
    write: (client) =>
      setDoc(doc(client, `muster_drills/drl_one/muster_notes/${noteId(UID, nextNumber())}`), {
        author: UID,
        at: serverTimestamp(),
        text: 'seen',
        writtenAt: Timestamp.fromMillis(Date.now() - 1000),
      }),
  }),
  "an experiment's write": (variant) => ({
    rules: paddedBefore(variant, 'allow create: if isOwnWrite(request.resource.data)'),
    stored: {
      'muster_policy/current': worstPolicy('chaos.abc.write'),
      [`muster_revocations/${UID}`]: REVOKED,
      'muster_experiments/exp_one': experiment,
      'muster_chaos/current': { stopped: null },
    },
    token: TOKEN,
    write: (client) =>
      setDoc(doc(collection(client, 'muster_experiments/exp_one/muster_writes')), {
        by: UID,
        at: serverTimestamp(),
        via: 'rules',
        musterExpireAt: Timestamp.fromDate(keptUntil),
      }),
  }),
};

const both = Object.keys(worst).flatMap((name) => [
  [name, 'claims'] as const,
  // A product's rules are the same in both: no role is asked there.
  ...(name.startsWith('a product') ? [] : [[name, 'roster'] as const]),
]);

test.each(both)('%s takes at most 800 (MUSTER_ROLES=%s)', async (name, variant) => {
  const measured = worst[name];
  if (!measured) throw new Error(name);
  const taken = await expressionsTaken(measured(variant));
  process.stdout.write(`${name} (${variant}): ${taken} of 1,000 expressions\n`);
  expect(taken).toBeLessThanOrEqual(GOAL);
});
