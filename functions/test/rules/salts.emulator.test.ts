/** Somebody who wants a salt, with which a name in an export could be guessed at: as every client there is, and by every answer. */
import { collection, collectionGroup, doc, getDoc, getDocs, limit, query } from 'firebase/firestore';
import { exportEntries, getHead, proveEntry, queryAudit, readTile, sealEachMinute } from '../../src/features/audit';
import { runJob } from '../../src/platform/operations/job';
import { saltsOf } from '../audit-log';
import { pathsWith, withFormerSalts } from '../former-salts';
import { as, newBackend, START, type Backend } from '../harness';
import { appendMany, sealAll } from '../sealed-entries';
import { roleNames, type RoleName } from './roles';
import { newRulesWorld, type RulesWorld } from './rules-world';

let world: RulesWorld;
let backend: Backend;
let salts: string[];
beforeAll(async () => {
  world = await newRulesWorld();
  backend = await newBackend({ projectId: world.projectId });
  backend.deps.wait = async () => {};
  await appendMany(backend, 20);
  await sealAll(backend);
});
afterAll(async () => {
  await backend.close();
  await world.close();
});

/** All that a client gets who asks for each of these documents, lists their collections, and those of every place. */
const seenBy = async (role: RoleName, paths: readonly string[]): Promise<string> => {
  const firestore = world.client(role);
  const parents = [...new Set(paths.map((path) => path.slice(0, path.lastIndexOf('/'))))];
  const groups = ['muster_audit', 'muster_auditLog', 'muster_tiles', 'muster_checkpoints'];
  const asked = [
    ...paths.map(async (path) => [(await getDoc(doc(firestore, path))).data()]),
    ...[
      ...parents.map((path) => collection(firestore, path)),
      ...groups.map((group) => collectionGroup(firestore, group)),
    ].map(async (some) => (await getDocs(query(some, limit(50)))).docs.map((one) => one.data())),
  ];
  const answers = await Promise.allSettled(asked);
  return JSON.stringify(answers.map((one) => (one.status === 'fulfilled' ? one.value : 'refused')));
};

const everyPath = async (): Promise<string[]> => pathsWith(world.server, ['']);

const expectNoneSeen = async (): Promise<void> => {
  salts = await saltsOf(backend);
  expect(salts).toHaveLength(new Set(salts).size);
  expect(await pathsWith(world.server, salts)).toEqual(['muster_auditLog/current/muster_tiles/0-0']);
  const paths = await everyPath();
  expect(paths.length).toBeGreaterThan(20);
  for (const role of roleNames) {
    const seen = await seenBy(role, paths);
    expect([role, salts.filter((salt) => seen.includes(salt))]).toEqual([role, []]);
  }
  expect(await seenBy('auditor', paths)).toContain('a laptop was stolen');
};

test('no client reads a salt at any path, nor in any entry, after sealing', expectNoneSeen, 60_000);

test('nor after those of the release before were moved', async () => {
  const former = await withFormerSalts(backend);
  expect(await seenBy('auditor', await everyPath())).toContain(former[3]);
  await runJob(backend.deps, sealEachMinute, START);
  expect((await saltsOf(backend)).slice(0, former.length)).toEqual(former);
  await expectNoneSeen();
}, 60_000);

test('no answer has one: what opens a field opens that field of that entry alone', async () => {
  salts = await saltsOf(backend);
  const auditor = as('auditor');
  const { head } = await backend.run(getHead, {}, auditor);
  const size = head?.size ?? 0;
  const { rows } = await backend.run(exportEntries, { size, begin: 0, end: size }, auditor);
  const [{ id: entryId = '' } = {}] = await backend.auditEntries();
  const answers = JSON.stringify([
    ...[head, rows, await backend.run(queryAudit, {}, auditor)],
    await backend.run(proveEntry, { entryId: String(entryId), open: ['actorId', 'ip', 'rationale'] }, auditor),
    await backend.run(readTile, { tile: `0/000.p/${size}` }, auditor),
  ]);
  expect(answers).toContain('a laptop was stolen');
  expect(salts.filter((salt) => answers.includes(salt))).toEqual([]);
});
