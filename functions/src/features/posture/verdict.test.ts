import { verdictOf, type Round, type Tried, type Tries } from './verdict';

const tried = (answer: Tried['answer'], ms = 5): Tried => ({ answer, said: `said ${answer}`, ms });
const round = (rules: Tried['answer'], guard: Tried['answer'] = rules): Round => ({
  rules: tried(rules, 7),
  guard: tried(guard, 9),
});
const good: Tries = {
  before: round('taken'),
  killed: round('refused'),
  after: round('taken'),
  stood: true,
  restrictedBy: undefined,
  killMs: 3,
  restoreMs: 4,
};
const latencies = { killMs: 3, rulesMs: 7, guardMs: 9, restoreMs: 4 };

test('taken, refused, taken again is the proof', () => {
  expect(verdictOf(good)).toEqual({ state: 'proven', finding: null, latencies });
});

const cases: [string, Partial<Tries>, state: string, finding: RegExp][] = [
  ['rules let it through', { killed: round('taken', 'refused') }, 'failed', /by the rules\.$/u],
  ['the guard lets it through', { killed: round('refused', 'taken') }, 'failed', /by the guard\.$/u],
  ['both do', { killed: round('taken') }, 'failed', /rules and the guard/u],
  ['one lets it through, the other is silent', { killed: round('unclear', 'taken') }, 'failed', /by the guard/u],
  ['the rules do not let go', { after: round('refused', 'taken') }, 'failed', /The rules did not take/u],
  ['the guard does not let go', { after: round('taken', 'refused') }, 'failed', /The guard did not take/u],
  ['rules take nothing at all', { before: round('refused', 'taken') }, 'unclear', /App Check/u],
  ['the guard takes nothing at all', { before: round('taken', 'refused otherwise') }, 'unclear', /^The guard did/u],
  ['rules are silent', { before: round('unclear', 'taken') }, 'unclear', /rules did not take .* said unclear\.$/u],
  ['nothing could be killed', { killed: undefined, after: undefined }, 'unclear', /someone else has killed/u],
  ['someone ended the kill', { killed: round('taken'), stood: false }, 'unclear', /Someone else ended/u],
  ['refused for another reason', { killed: round('refused', 'refused otherwise') }, 'unclear', /guard did not refuse/u],
  ['silent while it was killed', { killed: round('unclear', 'refused') }, 'unclear', /rules did not refuse/u],
  ['restricted meanwhile', { after: round('refused'), restrictedBy: 'mode read_only' }, 'unclear', /read_only/u],
  ['silent after it was restored', { after: round('taken', 'unclear') }, 'unclear', /guard did not take/u],
];

test.each(cases)('%s', (_what, over, state, finding) => {
  const found = verdictOf({ ...good, ...over });
  expect(found.state).toBe(state);
  expect(found.finding).toMatch(finding);
});

test('what was not measured has no latencies', () => {
  expect(verdictOf({ ...good, before: round('refused') }).latencies).toBeNull();
  expect(verdictOf({ ...good, killed: round('taken') }).latencies).toEqual(latencies);
});
