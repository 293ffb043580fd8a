import { capabilities } from '@muster/contract';
import type { ForbiddenNow } from './forbidden-now';
import type { Ink } from '../output/ink';
import type { Page } from '../output/page';
import { paragraph } from '../output/paragraph';
import { table } from '../output/table';

const { CAPABILITY_CATALOG: CATALOG, FORBIDDEN } = capabilities;

/** The catalog with what each restriction forbids; with `now`, what is forbidden at this moment. */
export const catalogPage = (now: ForbiddenNow | undefined, { ink, width }: Page): string => {
  const rows = now
    ? now.capabilities.map((one) => [one.name, ink.faint(one.class), verdict(one, ink)])
    : Object.entries(CATALOG).map(([name, kind]) => [name, ink.faint(kind)]);
  const others = now?.notInCatalog ?? [];
  return [
    table(ink, rows, { head: ['capability', 'class', ...(now ? ['now'] : [])] }),
    ...(others.length > 0 ? [ink.warn(`Killed, and not in the catalog: ${others.join(', ')}.`)] : []),
    forbidsTable(ink),
    paragraph(
      'A kill switch forbids its name and everything below it, * everything. <id> stands for one word. A product has names of its own beside these; a name that no catalog has counts as connector_write.',
      width,
      '',
    ),
  ].join('\n\n');
};

const verdict = ({ killedBy, mode, offline }: ForbiddenNow['capabilities'][number], { good, bad }: Ink): string => {
  const by = [
    ...killedBy.map((name) => `killed (${name})`),
    ...(mode === null ? [] : [`mode ${mode}`]),
    ...offline.map((id) => `${id} is offline`),
  ];
  return by.length === 0 ? good('allowed') : bad(`✗ ${by.join(', ')}`);
};

/** A line for each restriction, a column for each class. */
const forbidsTable = (ink: Ink): string => {
  const classes = capabilities.capabilityClass.options;
  const rows = Object.entries(FORBIDDEN).map(([name, forbidden]) => [
    name === 'kill_switch' ? 'kill switch, of what it names' : `mode ${name}`,
    ...classes.map((kind) => (forbidden.includes(kind) ? ink.bad('✗ forbidden') : ink.faint('allowed'))),
  ]);
  return table(ink, rows, { head: ['', ...classes] });
};
