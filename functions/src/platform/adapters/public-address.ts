/** Which addresses are of the public internet. Everything else is somebody's inside, and nothing that people type leads there. */
import * as ipaddr from 'ipaddr.js';

/**
 * What IANA's special-purpose address registries hold (RFC 6890 and its updates up to RFC 9780 of 2025), and multicast. All of it,
 * also what the registries call globally reachable: none of it is somebody's server. IPv6 outside of global unicast needs no row.
 */
const SPECIAL_PURPOSE = [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'],
  ...['192.0.2.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.88.99.0/24', '192.168.0.0/16', '192.175.48.0/24'],
  ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/4', '240.0.0.0/4'],
  ...['2001::/23', '2001:db8::/32', '2002::/16', '2620:4f:8000::/48', '3fff::/20'],
];

/**
 * Where clouds answer their own machines (metadata, credentials, name service) at an address that looks public: Azure's
 * WireServer. Those of the other clouds are link-local, shared or unique-local.
 */
const OF_CLOUDS = ['168.63.129.16/32'];

/** All that is allocated as global unicast (RFC 4291, IANA's IPv6 address space registry). */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

const NOT_PUBLIC = [...SPECIAL_PURPOSE, ...OF_CLOUDS].map((block) => ipaddr.parseCIDR(block));

/** Whether an address is of the public internet; one that stands for an IPv4 address is that address. What is no address is not. */
export const isPublicAddress = (address: string): boolean => {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  if (parsed instanceof ipaddr.IPv6 && !parsed.match(GLOBAL_UNICAST)) return false;
  // What a later version of the library knows, and the list does not, is refused as well.
  return parsed.range() === 'unicast' && !NOT_PUBLIC.some((block) => isIn(parsed, block));
};

const isIn = (address: ipaddr.IPv4 | ipaddr.IPv6, block: [ipaddr.IPv4 | ipaddr.IPv6, number]): boolean => {
  const [network, bits] = block;
  if (address instanceof ipaddr.IPv4) return network instanceof ipaddr.IPv4 && address.match(network, bits);
  return network instanceof ipaddr.IPv6 && address.match(network, bits);
};
