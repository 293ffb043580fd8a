import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SEED_FOLDER } from '../processes/places.mjs';
import { DEFAULT_PORT_BASE } from './ports.mjs';
import { addressesOf } from './suite-addresses.mjs';

/**
 * What someone wants to know once everything runs.
 *
 * @typedef {{ role: string, email: string, password: string }} Account
 * @param {{ ports: import('./ports.mjs').Ports, base: number, status: string, startedFrom: string, log: string,
 *   accounts: Account[] }} facts
 */
export function welcome({ ports, base, status, startedFrom, log, accounts }) {
  const { hosting, functions } = addressesOf(ports);
  const inOtherTerminal = base === DEFAULT_PORT_BASE ? '' : `MUSTER_PORT_BASE=${base} `;
  const login = accounts.some(({ role }) => role === 'staff') ? 'login --emulator --as staff' : 'login --emulator';
  return [
    '',
    `Muster runs. The API is at ${hosting}/api, the callable functions at ${functions}/…`,
    '',
    ...accountLines(accounts),
    'To copy into another terminal:',
    `  curl ${hosting}/api/healthz`,
    `  ${inOtherTerminal}npm run muster -- ${login}`,
    `  ${inOtherTerminal}npm run muster -- drill list`,
    '',
    status,
    '',
    `Data: ${startedFrom}. Log: ${log}. Ctrl-C stops everything and keeps what was entered.`,
  ].join('\n');
}

/** @param {Account[]} accounts */
function accountLines(accounts) {
  if (accounts.length === 0) return ['There are no demo accounts: `npm run seed` makes them.', ''];
  const width = (/** @type {keyof Account} */ key) => Math.max(...accounts.map((account) => account[key].length));
  const [role, email] = [width('role'), width('email')];
  return [
    'Demo accounts (role, email, password):',
    ...accounts.map((one) => `  ${one.role.padEnd(role)}  ${one.email.padEnd(email)}  ${one.password}`),
    '',
  ];
}

/** @returns {Account[]} */
export function demoAccounts() {
  const file = join(SEED_FOLDER, 'accounts.json');
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
}
