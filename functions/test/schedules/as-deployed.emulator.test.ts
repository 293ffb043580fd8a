/** `npm start` fires what the deployed functions say is scheduled: a schedule that is added to `index.ts` needs no other change. */
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../../..');

interface Scheduled {
  name: string;
  schedule: string;
  timeZone: string;
}

/** In a process of its own, because the suite's programs are modules and the bundle is not to be loaded into this one. */
const said = (script: string): unknown =>
  JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' }));

test('the schedules that npm start finds in a running suite are those of the bundle, with their times', () => {
  const bundle = JSON.stringify(join(ROOT, 'functions/deploy/lib/index.js'));
  const exported = said(`
    const found = Object.entries(require(${bundle})).flatMap(([group, all]) =>
      Object.entries(all).flatMap(([name, { __endpoint }]) =>
        __endpoint?.scheduleTrigger ? [{ name: group + '-' + name, schedule: __endpoint.scheduleTrigger.schedule }] : []));
    process.stdout.write(JSON.stringify(found), () => process.exit(0));`) as Scheduled[];
  const suite = JSON.stringify(`file://${join(ROOT, 'tools/suite/emulators/schedules.mjs')}`);
  const ports = JSON.stringify({ functions: new URL(process.env['MUSTER_FUNCTIONS_ORIGIN'] ?? '').port });
  const found = said(`
    import(${suite}).then(async ({ schedulesIn }) =>
      process.stdout.write(JSON.stringify(await schedulesIn(${ports}))));`) as Scheduled[];
  const byName = (one: { name: string }, other: { name: string }) => one.name.localeCompare(other.name);
  expect(exported.length).toBeGreaterThan(0);
  expect(found.toSorted(byName)).toEqual(exported.toSorted(byName).map((one) => ({ ...one, timeZone: 'Etc/UTC' })));
});
