import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as ipaddr from 'ipaddr.js';
import { isPublicAddress } from './public-address';

/** The rows of IANA's special-purpose registries and of the multicast registries; the file names the document of each. */
const rows = readFileSync(join(__dirname, '../../../test/outbound/special-purpose.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((row) => row.split(',', 2) as [block: string, name: string]);

/** The first and the last address of a block, and one in the middle. */
const within = (block: string): string[] => {
  const [network, bits] = ipaddr.parseCIDR(block);
  const bytes = network.toByteArray();
  const filled = (from: number) =>
    ipaddr
      .fromByteArray(
        bytes.map((byte, index) => {
          const free = Math.min(8, Math.max(0, (index + 1) * 8 - Math.max(bits, from)));
          return byte | (2 ** free - 1);
        }),
      )
      .toString();
  return [network.toString(), filled(bits), filled(Math.min(bits + 5, bytes.length * 8))];
};

test.each(rows)('%s (%s) is not public', (block) => {
  for (const address of within(block))
    expect({ address, isPublic: isPublicAddress(address) }).toEqual({ address, isPublic: false });
});

test('the registries are all there', () => {
  expect(rows.length).toBeGreaterThanOrEqual(52);
});

test.each([
  ['Azure', '168.63.129.16'],
  ['AWS, Google Cloud, Azure and others', '169.254.169.254'],
  ['AWS containers', '169.254.170.2'],
  ['AWS by IPv6', 'fd00:ec2::254'],
  ['Google Cloud by IPv6', 'fd20:ce::254'],
  ['Alibaba Cloud', '100.100.100.200'],
  ['Oracle Cloud', '192.0.0.192'],
  ['Azure, as IPv6', '::ffff:168.63.129.16'],
  ['Azure, translated', '64:ff9b::168.63.129.16'],
])('where %s answers its own machines is not public', (_cloud, address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  '8.8.8.8',
  '1.1.1.1',
  '168.63.129.15',
  '168.63.129.17',
  '2606:4700:4700::1111',
  '2620:4f:8001::1',
  '::ffff:8.8.8.8',
])('%s is', (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  '',
  'localhost',
  '::10.0.0.1',
  '1.1.1',
  '8.8.8.8/32',
  ' 8.8.8.8',
  '::ffff:10.0.0.1',
  '4000::1',
  '2002:808:808::1',
])('%j is not', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});
