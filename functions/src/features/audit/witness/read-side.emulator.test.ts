/** The log as C2SP tlog-tiles serves it: what a client makes of it alone, and what it is not given. */
import { verifyCheckpoint } from '@muster/tlog/checkpoint';
import { verifiesInclusion } from '@muster/tlog/merkle';
import { hashOf, inclusionProof, nameOf, parseTilePath, tilePath, tilesFor, widthOf } from '@muster/tlog/tiles';
import { inclusionRanges } from '@muster/tlog/merkle';
import { entriesOf, entryNumbered, LOG_KEYS, saltsOf, seal, writeEntries } from '../../../../test/audit-log';
import { expectBadInputIsNamed } from '../../../../test/bad-input';
import { as } from '../../../../test/harness';
import { localApi, type LocalApi } from '../../../../test/local-api';
import { watchedBackend } from '../../../../test/watched-backend';
import { hashOfEntry } from '../log/sealed-entry';
import { readTile } from '..';

const PREFIX = '/api/audit/log';

let api: LocalApi;
let auditor: string;
beforeAll(async () => {
  api = await localApi();
  auditor = await api.person('uid-auditor', 'auditor');
});
afterAll(() => api.close());

const got = async (path: string, authorization = auditor) => {
  const response = await fetch(`${api.origin}${PREFIX}/${path}`, { headers: { authorization } });
  const body = Buffer.from(await response.arrayBuffer());
  return { status: response.status, type: response.headers.get('content-type'), body };
};
const statusOf = async (path: string, authorization?: string) => (await got(path, authorization)).status;

test('there is nothing before anything is sealed', async () => {
  expect(await statusOf('checkpoint')).toBe(404);
  expect(await statusOf('tile/0/000.p/1')).toBe(404);
});

test('from checkpoint and tiles alone an auditor proves each entry; beyond the tree there is nothing', async () => {
  const numbers = Array.from({ length: 300 }, (_, index) => index);
  await writeEntries(
    api.backend,
    numbers.map((number) => entryNumbered(number)),
  );
  await seal(api.backend);

  const { status, type, body } = await got('checkpoint');
  expect([status, type]).toEqual([200, 'text/plain; charset=utf-8']);
  const { size, root } = verifyCheckpoint(body.toString('utf8'), LOG_KEYS);
  expect(size).toBe(300);
  const salts = await saltsOf(api.backend);
  for (const { id, data } of (await entriesOf(api.backend)).slice(0, 20)) {
    const index = data.leafIndex ?? -1;
    const wanted = tilesFor([...inclusionRanges(index, size), [0, size]]);
    const tiles = new Map(
      await Promise.all(
        wanted.map(async (tile) => {
          const answer = await got(tilePath(tile, widthOf(tile, size)));
          expect([answer.status, answer.type]).toEqual([200, 'application/octet-stream']);
          return [nameOf(tile), answer.body] as const;
        }),
      ),
    );
    expect(Buffer.from(hashOf(tiles, [0, size]))).toEqual(Buffer.from(root));
    expect(
      verifiesInclusion(
        index,
        size,
        hashOfEntry(id, data, salts[index] ?? ''),
        inclusionProof(tiles, index, size),
        root,
      ),
    ).toBe(true);
  }

  const full = await got('tile/0/000');
  expect(full.body).toHaveLength(8192);
  expect((await got('tile/0/000.p/100')).body).toEqual(full.body.subarray(0, 3200));
  expect((await got('tile/1/000.p/1')).body).toHaveLength(32);
  for (const path of [
    'tile/0/001',
    'tile/0/001.p/45',
    'tile/0/002.p/1',
    'tile/1/000',
    'tile/1/000.p/2',
    'tile/2/000.p/1',
  ])
    expect([path, await statusOf(path)]).toEqual([path, 404]);
});

test('what is no path of a tile is refused, and nobody else is answered', async () => {
  for (const path of [
    'tile/0/0',
    'tile/0/000.p/256',
    'tile/0/000.p/0',
    'tile/x/000',
    'tile/64/000',
    'tile/0/x000/001',
    'tile/00/000',
  ])
    expect([path, await statusOf(path)]).toEqual([path, 400]);
  expect(await statusOf('tile/entries/000')).toBe(400);
  expect(await statusOf('tile/0/000?limit=1')).toBe(400);
  expect(await statusOf('tile')).toBe(404);
  const member = await api.person('uid-member');
  for (const path of ['checkpoint', 'tile/0/000']) {
    expect(await statusOf(path, member)).toBe(401);
    expect(await statusOf(path, 'Bearer garbage')).toBe(401);
  }
});

test('a tile that somebody has cut is not handed out', async () => {
  const tile = api.backend.firestore.doc('muster_auditLog/current/muster_tiles/0-0');
  const stored = (await tile.get()).get('hashes') as Buffer;
  await tile.update({ hashes: stored.subarray(0, 64) });
  const { status, body } = await got('tile/0/000');
  expect(status).toBe(500);
  expect(JSON.parse(body.toString())).toMatchObject({ ok: false, details: { reason: 'LOG_DAMAGED' } });
  await tile.update({ hashes: stored });
});

test('what it costs, and bad input', async () => {
  const watched = await watchedBackend();
  await writeEntries(watched.backend, [entryNumbered(0)]);
  await seal(watched.backend);
  await watched.settle();
  const { hashes } = await watched.call(readTile, { tile: '0/000.p/1' }, as('auditor'));
  expect(Buffer.from(hashes, 'base64')).toHaveLength(32);
  expect(parseTilePath('0/000.p/1')).toEqual({ level: 0, index: 0, width: 1 });
  await expectBadInputIsNamed(watched, readTile, { tile: '0/000' }, [
    ['none', { tile: undefined }, 'tile'],
    ['a number', { tile: 0 }, 'tile'],
    ['another notation', { tile: '0-0' }, 'tile'],
    ['more', { surprise: 1 }, 'surprise'],
  ]);
  await watched.backend.close();
});
