/** Cold starts: a fresh process each time, that tells how long it took from its first statement. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { compare, type Comparison } from './measure';

const run = promisify(execFile);

const PLAIN = `for (const name of ['firebase-functions', 'firebase-admin/app', 'firebase-admin/auth', 'firebase-admin/firestore', 'zod']) require(name);`;
const BUNDLE = `const muster = require('./lib/index.js');`;

const PLAIN_WRITE = `${PLAIN}
  require('firebase-admin/app').initializeApp();
  await require('firebase-admin/firestore').getFirestore().doc('bench/' + process.pid).set({ at: new Date() });`;

/** The whole way of a deployed callable: token, revocation, policy, decision, commit with its audit entry. */
const BUNDLE_WRITE = `${BUNDLE}
  const token = process.env.BENCH_ID_TOKEN;
  await muster.policy.enterDegraded.run({
    data: { mode: 'degraded', reason: 'bench' },
    auth: { uid: process.env.BENCH_UID, token: {}, rawToken: token },
    rawRequest: { header: () => undefined, res: { setHeader: () => undefined } },
  });`;

const freshProcess = (statements: string, folder: string, env: NodeJS.ProcessEnv) => async (): Promise<number> => {
  const script = `(async () => { const began = performance.now(); ${statements}
    process.stdout.write('took ' + (performance.now() - began) + '\\n'); process.exit(0); })()
    .catch((error) => { console.error(error); process.exit(1); });`;
  const { stdout } = await run(process.execPath, ['-e', script], { cwd: folder, env });
  const took = Number(/^took (\S+)$/mu.exec(stdout)?.[1]);
  if (!Number.isFinite(took)) throw new Error(`a fresh process told no time: ${stdout}`);
  return took;
};

export const loading = async (
  functionsFolder: string,
  who: { idToken: string; uid: string },
): Promise<Comparison[]> => {
  const env = {
    ...process.env,
    BENCH_ID_TOKEN: who.idToken,
    BENCH_UID: who.uid,
    MUSTER_ALLOWED_ORIGINS: '',
    MUSTER_APP_CHECK: 'false',
    MUSTER_AUDIT_NAMESPACES: '',
    MUSTER_AUDIT_RETENTION_DAYS: '400',
    MUSTER_MAX_DRILL_HOURS: '24',
    MUSTER_COMMIT_PROTOCOL: 'verify',
    MUSTER_ROLES: 'claims',
    MUSTER_TWO_PERSON: 'false',
    MUSTER_ENVIRONMENT: 'development',
  };
  const side = (statements: string) => freshProcess(statements, functionsFolder, env);
  return [
    await compare(
      'loading the deployed bundle / requiring functions, admin, zod',
      { ours: side(BUNDLE), theirs: side(PLAIN) },
      { runs: 40, warmUp: 3, goal: 0.85 },
    ),
    await compare(
      'load to first finished write / the same, one plain document',
      { ours: side(BUNDLE_WRITE), theirs: side(PLAIN_WRITE) },
      { runs: 40, warmUp: 3, goal: 0.75 },
    ),
  ];
};
