/** `npm run bench`: figures as ratios in one run, on the emulator suite; `-- calls` for deployed calls alone. Exits with 1 when a goal is missed. */
import { join } from 'node:path';
import { auditLog } from './audit-log';
import { healthWhileAllHang } from './connectors';
import { costTable } from './costs';
import { evidenceFigures } from './evidence';
import { loading } from './loading';
import { freshSuite } from './fresh-suite';
import { asLine, type Comparison } from './measure';
import { inProcess, throughHttp } from './operations';
import { asFigure, showSwitchboard } from './switchboard-report';

const setting = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run this with npm run bench.`);
  return value;
};

/** A staff member of the bench's own, signed in at the Auth emulator. */
const signIn = async (): Promise<{ idToken: string; uid: string }> => {
  const accounts = `http://${setting('FIREBASE_AUTH_EMULATOR_HOST')}/identitytoolkit.googleapis.com/v1`;
  const post = async (path: string, body: object): Promise<Record<string, string>> => {
    const response = await fetch(`${accounts}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer owner' },
      body: JSON.stringify(body),
    });
    return (await response.json()) as Record<string, string>;
  };
  const person = { email: 'bench@example.com', password: 'bench-on-the-emulator', returnSecureToken: true };
  const { localId = '' } = await post('accounts:signUp?key=none', person);
  await post(`projects/${setting('GCLOUD_PROJECT')}/accounts:update`, {
    localId,
    customAttributes: JSON.stringify({ staff: true }),
  });
  const { idToken = '' } = await post('accounts:signInWithPassword?key=none', person);
  return { idToken, uid: localId };
};

const main = async (): Promise<void> => {
  const who = await signIn();
  console.log(`${''.padEnd(66)} ${'ours ms'.padStart(9)} ${'theirs ms'.padStart(9)} ${'ratio'.padStart(7)}  runs`);
  const results: Comparison[] = [];
  const show = (some: Comparison[]): void => {
    results.push(...some);
    for (const result of some) console.log(asLine(result));
  };
  const fresh = await freshSuite(who.idToken, setting('MUSTER_FUNCTIONS_URL'));
  for (const one of fresh) console.log(asFigure(one));
  show([await throughHttp(who.idToken, setting('MUSTER_FUNCTIONS_URL'))]);
  const isMissed = ({ met }: { met: boolean | undefined }): boolean => met === false;
  // What is deployed and called, without the rest, which takes many minutes.
  if (process.argv[2] === 'calls') {
    process.exitCode =
      fresh.some(isMissed) || results.some(({ ratio, goal }) => goal !== undefined && ratio > goal) ? 1 : 0;
    return;
  }
  show(await inProcess());
  show(await loading(join(process.cwd(), 'functions/deploy'), who));
  const { comparison, figure } = await healthWhileAllHang();
  show([comparison]);
  console.log(asFigure(figure));
  const log = await auditLog();
  show(log.comparisons);
  for (const one of log.figures) console.log(asFigure(one));
  const evidence = await evidenceFigures();
  for (const one of evidence) console.log(asFigure(one));
  const missed = (await showSwitchboard(show)) || [...fresh, figure, ...log.figures, ...evidence].some(isMissed);
  console.log(`\nDocuments, by operation (declared beside each, asserted in tests):\n${costTable().join('\n')}`);
  process.exitCode = missed || results.some(({ ratio, goal }) => goal !== undefined && ratio > goal) ? 1 : 0;
};

void main();
