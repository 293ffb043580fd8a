import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { planPorts, requireFreePorts, takenPorts, takenPortsSentence } from '../emulators/ports.mjs';

test('without a base, the ports are those that Firebase documents', () => {
  const { base, ports } = planPorts(undefined);
  assert.equal(base, 0);
  assert.equal(ports.auth, 9099);
  assert.equal(ports.functions, 5001);
  assert.equal(ports.firestore, 8080);
  assert.equal(ports.hosting, 5000);
  assert.deepEqual(planPorts(''), planPorts(undefined));
});

test('a base counts up from itself and shares no port with a base that is 9 away', () => {
  const one = Object.values(planPorts('31000').ports);
  const other = Object.values(planPorts('31009').ports);
  assert.deepEqual(one, [31000, 31001, 31002, 31003, 31004, 31005, 31006, 31007, 31008]);
  assert.equal(new Set([...one, ...other]).size, one.length + other.length);
});

for (const value of ['0', '1023', '65528', '31000.5', '-1', 'abc', '1e9', 'NaN']) {
  test(`base ${value} is refused with what to set instead`, () => {
    assert.throws(() => planPorts(value), { name: 'Refusal', message: /MUSTER_PORT_BASE is .* like 31000\.$/ });
  });
}

test('a base is refused when fetch would not connect to one of its ports', () => {
  assert.throws(() => planPorts('6660'), /would use port 6665/);
});

test('a base is refused when Hosting would get the port that Firebase never gives it', () => {
  assert.throws(() => planPorts('4998'), /would use port 5001/);
});

for (const host of ['127.0.0.1', '0.0.0.0']) {
  test(`a port on which someone listens at ${host} is found taken, and named`, async () => {
    const server = createServer();
    await new Promise((resolve) => server.listen({ host, port: 0 }, () => resolve(undefined)));
    const address = server.address();
    assert.ok(typeof address === 'object' && address !== null);
    const ports = { ...planPorts('31000').ports, firestore: address.port };
    try {
      const taken = await takenPorts(ports);
      assert.ok(taken.some(({ name, port }) => name === 'firestore' && port === address.port));
      await assert.rejects(requireFreePorts(ports), { message: new RegExp(`${address.port} \\(firestore\\)`) });
    } finally {
      server.close();
    }
  });
}

test('the sentence names every taken port and a way out', () => {
  assert.equal(
    takenPortsSentence([{ name: 'auth', port: 9099 }], 31000),
    'port 9099 (auth) is taken: stop what uses it, or put MUSTER_PORT_BASE=31000 before the command to move all ports.',
  );
  const two = [
    { name: 'auth', port: 31000 },
    { name: 'hub', port: 31004 },
  ];
  assert.match(takenPortsSentence(two, 32000), /31000 \(auth\), 31004 \(hub\) are taken: .*MUSTER_PORT_BASE=32000/);
});
