import { connect, createServer } from 'node:net';
import { Refusal } from '../processes/refusal.mjs';

export const HOST = '127.0.0.1';
export const DEFAULT_PORT_BASE = 0;

/**
 * Every port that the suite opens, in the order in which a port base counts up, with the defaults
 * that Firebase's documentation and other people's tools expect.
 */
const DEFAULT_PORTS = {
  auth: 9099,
  functions: 5001,
  firestore: 8080,
  hosting: 5000,
  hub: 4400,
  logging: 4500,
  firestoreWebsocket: 9150,
  eventarc: 9299,
  tasks: 9499,
};

/** Ports above 1023 that browsers and Node's fetch refuse to talk to. */
const PORTS_BLOCKED_BY_FETCH = [
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/** firebase-tools never gives this port to Hosting. */
const PORT_KEPT_FROM_HOSTING = 5001;

const SUGGESTED_BASE = 31000;
const OTHER_SUGGESTED_BASE = 32000;

/** @typedef {{ [Name in keyof typeof DEFAULT_PORTS]: number }} Ports */

/**
 * @param {string | undefined} variable the value of MUSTER_PORT_BASE
 * @returns {{ base: number, ports: Ports }}
 */
export function planPorts(variable) {
  if (variable === undefined || variable.trim() === '') {
    return { base: DEFAULT_PORT_BASE, ports: { ...DEFAULT_PORTS } };
  }
  const base = Number(variable);
  const highest = 65535 - Object.keys(DEFAULT_PORTS).length + 1;
  if (!Number.isInteger(base) || base < 1024 || base > highest) {
    throw new Refusal(
      `MUSTER_PORT_BASE is "${variable}": set it to a whole number from 1024 to ${highest}, like 31000.`,
    );
  }
  const ports = { ...DEFAULT_PORTS };
  Object.keys(ports).forEach((name, index) => Object.assign(ports, { [name]: base + index }));
  const unusable =
    Object.values(ports).find((port) => PORTS_BLOCKED_BY_FETCH.includes(port)) ??
    (ports.hosting === PORT_KEPT_FROM_HOSTING ? ports.hosting : undefined);
  if (unusable !== undefined) {
    throw new Refusal(
      `MUSTER_PORT_BASE=${base} would use port ${unusable}, to which browsers or Firebase refuse to connect: choose another one, like 31000.`,
    );
  }
  return { base, ports };
}

/**
 * Refuses before anything is started, because Firebase itself notices a taken port only halfway.
 *
 * @param {Ports} ports
 */
export async function requireFreePorts(ports) {
  const taken = await takenPorts(ports);
  if (taken.length > 0) throw new Refusal(takenPortsSentence(taken, baseBeside(ports)));
}

/**
 * @param {{ name: string, port: number }[]} taken
 * @param {number} otherBase
 */
export function takenPortsSentence(taken, otherBase) {
  const list = taken.map(({ name, port }) => `${port} (${name})`).join(', ');
  const finding = taken.length === 1 ? `port ${list} is taken` : `the ports ${list} are taken`;
  return `${finding}: stop what uses ${taken.length === 1 ? 'it' : 'them'}, or put MUSTER_PORT_BASE=${otherBase} before the command to move all ports.`;
}

/**
 * @param {Ports} ports
 * @returns {number} a port base for a second suite
 */
export function baseBeside(ports) {
  return ports.auth === SUGGESTED_BASE ? OTHER_SUGGESTED_BASE : SUGGESTED_BASE;
}

/** @param {Ports} ports */
export async function takenPorts(ports) {
  const checks = Object.entries(ports).map(async ([name, port]) => ({ name, port, taken: await isTaken(port) }));
  return (await Promise.all(checks)).filter(({ taken }) => taken).map(({ name, port }) => ({ name, port }));
}

/**
 * Both ways are needed: where an address is reused freely (macOS), listening succeeds beside a server on
 * all addresses; and a socket that is bound but does not answer yet refuses the connection.
 *
 * @param {number} port
 */
async function isTaken(port) {
  return (await answers(port)) || !(await canListen(port));
}

/** @param {number} port */
function answers(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port, timeout: 1000 });
    const settle = (/** @type {boolean} */ answer) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true));
    socket.once('timeout', () => settle(false));
    socket.once('error', () => settle(false));
  });
}

/** @param {number} port */
function canListen(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: HOST, port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
