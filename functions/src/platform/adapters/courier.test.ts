import { openReceiver, courierTo, DELIVERY_SECRET, type Receiver } from '../../../test/processes/receiver';
import { DEVELOPMENT_DELIVERY_SECRET } from '../deployment';

let receiver: Receiver;
beforeAll(async () => {
  receiver = await openReceiver();
});
afterAll(() => receiver.close());

const OTHER = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const message = { id: 'cwr_one', body: '{"type":"a","data":{"text":"ä漢"}}', headers: { 'muster-sequence': '7' } };
const post = (secret: string) =>
  courierTo({ ...receiver.reach, secret }).post({ url: receiver.url, timeoutMs: 2000 }, message);

test('a delivery is signed so that the library of the standard verifies it', async () => {
  expect(await post(DELIVERY_SECRET)).toMatchObject({ ok: true, status: 204, reached: true });
  expect(receiver.wrong).toEqual([]);
  expect(receiver.arrivals.at(-1)).toMatchObject({ id: 'cwr_one', sequence: 7, body: { data: { text: 'ä漢' } } });
});

test('while the key is changed both sign, and either is enough', async () => {
  await post(`${OTHER} ${DELIVERY_SECRET}`);
  expect(receiver.wrong).toEqual([]);
  await post(OTHER);
  expect(receiver.wrong).toEqual([expect.stringContaining('No matching signature')]);
});

test.each(['', 'secret', 'whsec_', 'whsec_c2hvcnQ=', `${DELIVERY_SECRET} short`])(
  'the key %j is none, and does not stand in what is said of it',
  (secret) => {
    const refused = () => courierTo({ ...receiver.reach, secret });
    expect(refused).toThrow('MUSTER_DELIVERY_SECRET must be whsec_');
    expect(refused).not.toThrow(DELIVERY_SECRET.slice(6));
  },
);

test('the key of the emulator suite is one', () => {
  expect(() => courierTo({ ...receiver.reach, secret: DEVELOPMENT_DELIVERY_SECRET })).not.toThrow();
});

test('one that is not who it says, or is not there, was not reached', async () => {
  const elsewhere = { url: receiver.url.replace('receiver.example', 'other.example'), timeoutMs: 2000 };
  const { courier } = receiver;
  expect(await courier.post(elsewhere, message)).toMatchObject({ ok: false, failure: 'certificate', reached: false });
  const nobody = { url: 'https://receiver.example:1/', timeoutMs: 2000 };
  expect(await courier.post(nobody, message)).toMatchObject({ ok: false, failure: 'unreachable', reached: false });
});
