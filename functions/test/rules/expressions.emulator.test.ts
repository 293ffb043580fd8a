/** What is left of 1,000 expressions in the worst case of each rule that asks the policy. */
import { collection, doc, serverTimestamp, setDoc, setLogLevel, Timestamp } from 'firebase/firestore';
import { expressionsTaken, PADDING, type Measured } from './expressions';
import { permitting } from './policies';
import { helpersFile, musterRules } from './rules-files';

/** So much room is kept for what a product asks beside ours, and for what comes. */
const GOAL = 800;

const WORST = 'everything that can be killed is killed, in read_only, and all of it exempts';
const UID = 'uid-one';
const TOKEN = { sub: UID, auth_time: 2_000_000_000, staff: true };
const REVOKED = { validAfter: new Date(1_000_000_000_000), withdrawn: ['auditor'] };

const worstPolicy = (capability: string): object => permitting({ capability, uid: UID })[WORST] ?? {};

beforeAll(() => setLogLevel('silent'));

/** Muster's rules, with room in front of one condition of theirs. */
const paddedBefore = (condition: string): string => {
  const rules = musterRules();
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

const experiment = { status: 'armed', by: UID, scope: 'abc', leaseUntil: new Date(Date.now() + 3_600_000) };
const keptUntil = new Date(Math.floor(Date.now() / 1000) * 1000 + 3_600_000);

const worst: Record<string, () => Measured> = {
  "a product's, as the README has it": () => ({
    rules: asInReadme,
    stored: {
      'muster_policy/current': worstPolicy('connector.acme.orders.write'),
      [`muster_revocations/${UID}`]: REVOKED,
    },
    token: TOKEN,
    write: (client) => setDoc(doc(collection(client, 'work')), { a: 1 }),
  }),
  "a participant's note": () => ({
    rules: paddedBefore('allow create: if isOwnNote(request.resource.data)'),
    stored: {
      'muster_policy/current': worstPolicy('muster.drills.note'),
      [`muster_revocations/${UID}`]: REVOKED,
      'muster_drills/drl_one': { status: 'in_progress', participants: ['uid-other', UID] },
    },
    token: TOKEN,
    write: (client) =>
      setDoc(doc(collection(client, 'muster_drills/drl_one/muster_notes')), {
        author: UID,
        at: serverTimestamp(),
        text: 'seen',
      }),
  }),
  "an experiment's write": () => ({
    rules: paddedBefore('allow create: if isOwnWrite(request.resource.data)'),
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

test.each(Object.keys(worst))('%s takes at most 800', async (name) => {
  const measured = worst[name];
  if (!measured) throw new Error(name);
  const taken = await expressionsTaken(measured());
  process.stdout.write(`${name}: ${taken} of 1,000 expressions\n`);
  expect(taken).toBeLessThanOrEqual(GOAL);
});
