import { capabilities, type policy, type ResponseOf } from '@muster/contract';
import { typed } from '../output/command-line';
import { dayAndMinute } from '../output/instant';
import type { Page } from '../output/page';
import { paragraph } from '../output/paragraph';
import { waitsForAnother } from '../output/second-person';
import { restrictionRows } from './restriction-rows';

const { CAPABILITY_CATALOG: CATALOG, classIn, coveredIn, FORBIDDEN } = capabilities;

/** With who asked to end it, where that is known. */
type KillSwitch = policy.KillSwitchView & { endRequest?: EndRequest };
type EndRequest = ResponseOf<'policy-restore'>['endRequest'];

/** What is killed, in words. */
export const killedWords = (name: string): string => (name === capabilities.EVERYTHING ? 'everything (*)' : name);

/** A kill switch that is on, with all that is known of it. */
export const killSwitchLines = (killSwitch: KillSwitch, page: Page): string => {
  const { ink } = page;
  const { capability, exemptions, endRequest, activation } = killSwitch;
  const more: [string, string][] = [
    ...(exemptions > 0 ? [['Exempt', piercing(exemptions)] satisfies [string, string]] : []),
    ...(endRequest ? [['Ending', endAsked(endRequest)] satisfies [string, string]] : []),
    ...(activation ? [['Activation', ink.faint(activation)] satisfies [string, string]] : []),
  ];
  const head = `${ink.bad(ink.strong(killedWords(capability)))}  ${ink.bad('killed')}`;
  return `${head}\n${restrictionRows(killSwitch, { noEnd: 'someone restores it', more }, page)}`;
};

const piercing = (count: number): string =>
  count === 1
    ? 'one exemption pierces it: muster exemption list'
    : `${count} exemptions pierce it: muster exemption list`;

/** Who asked for an end, and that it takes another. */
export const endAsked = ({ by, at, reason }: NonNullable<EndRequest>): string =>
  `asked for by ${by} at ${dayAndMinute(at)} UTC (${reason}); waits for a second person`;

/** The answer to a kill: what it stops, and what may not be as it was meant. */
export const killed = (
  { renewed, killSwitch, covers, binds }: ResponseOf<'policy-kill'>,
  page: Page,
  asked: string = binds,
): string => {
  const { ink, width } = page;
  const isInstead = asked !== binds;
  const { capability, exemptions } = killSwitch;
  const warned = (text: string) => ink.warn(paragraph(text, width, ''));
  const stopped = covers.filter((name) => FORBIDDEN.kill_switch.includes(classIn(CATALOG, name)));
  return [
    renewed
      ? `${ink.good('Still killed')}: ${killedWords(capability)} was killed already${isInstead ? '.' : '; its reason and its end are new.'}`
      : `${ink.good('Killed')}: ${killedWords(capability)}. It binds from now on, everywhere.`,
    ...(isInstead
      ? [warned(`The policy has no room for another name, so this stops ${asked}, and more than that.`)]
      : []),
    killSwitchLines(killSwitch, page),
    ...(stopped.length > 0
      ? [paragraph(`Stops of Muster's catalog: ${stopped.join(', ')}.`, width, '')]
      : [warned(stopsNothing(capability))]),
    ...(exemptions > 0
      ? [
          warned(
            `${exemptions === 1 ? 'One exemption pierces' : `${exemptions} exemptions pierce`} this kill switch. List them: muster exemption list. End one: muster exemption revoke EXEMPTION --reason ….`,
          ),
        ]
      : []),
    ink.faint(`Restore it: muster policy restore ${typed(capability)} --reason …`),
  ].join('\n\n');
};

/** A kill switch that stands and perhaps stops nothing: whoever set it must hear of that now. */
const stopsNothing = (capability: string): string =>
  coveredIn(CATALOG, capability).length > 0
    ? `This stops nothing that Muster knows: ${capability} only reads, and reading is never forbidden (muster capability list).`
    : `Muster's catalog has nothing named ${capability}. That is right if only your product knows the name; else it is mistyped, and what you meant goes on (muster capability list).`;

/** The answer to a restore. Half of one, where two persons are needed, must not be taken for a whole. */
export const restored = (
  { restored: done, end, message, killSwitches, endRequest }: ResponseOf<'policy-restore'>,
  { capability, command }: { capability: string; command: string },
  page: Page,
): string => {
  const { ink, width } = page;
  const words = paragraph(message, width, '');
  if (!done && endRequest !== null) {
    return waitsForAnother({ notYet: 'NOT RESTORED YET', still: 'it is killed', message: words, command }, page);
  }
  if (!done) return `${ink.warn('Nothing was restored')}: ${words}`;
  const above = killSwitches.filter((one) => capabilities.namesAbove(capability).includes(one.capability));
  return [
    `${ink.good('Restored')}: ${words}`,
    ...(end === 'break_glass' ? [ink.warn('The glass was broken: this is marked in the audit and reported.')] : []),
    ...above.map((one) =>
      ink.bad(`${capability} stays stopped all the same: ${killedWords(one.capability)} is killed.`),
    ),
  ].join('\n');
};
