import type { Command } from 'commander';
import { drills as contract } from '@muster/contract';
import { contextOf } from '../command-context';
import { asks } from '../field-names';
import { dashed, either } from '../options/either';
import type { Machine } from '../machine';
import { drillCancelled, drillCompleted, drillList, drillScheduled, drillStarted, eventRecorded } from './pages';
import { drillPage } from './drill-page';
import { collected, withRequestId } from '../options/changing';
import {
  COMPLETION_FIELDS,
  completionAsked,
  PLAN_FIELDS,
  planAsked,
  withPlan,
  type CompletionOptions,
  type PlanOptions,
} from './options';
import { allPages, pageAsked, withPaging, type PagingOptions } from '../options/paging';

interface Identified {
  requestId?: string;
}

/** `muster drill …` */
export const addDrillCommands = (program: Command, machine: Machine): void => {
  const drill = program.command('drill').description('plan, run and read drills');
  addSchedule(drill, machine);
  addStart(drill, machine);
  addEvent(drill, machine);
  addComplete(drill, machine);
  addCancel(drill, machine);
  addList(drill, machine);
  addShow(drill, machine);
};

const addSchedule = (drill: Command, machine: Machine) =>
  asks(
    withRequestId(withPlan(drill.command('schedule').description('plan a drill of a scenario'))),
    'drills-schedule',
    { ...PLAN_FIELDS, dueAt: '--due' },
  )
    .requiredOption('--scenario <scenario>', 'which scenario of the catalog')
    .requiredOption('--due <time>', 'when it is due, ISO 8601 with a zone: 2026-03-31T09:00:00Z')
    .action((options: PlanOptions & Identified & { scenario: string; due: string }, command: Command) =>
      contextOf(machine, command).change(
        'drills-schedule',
        { scenarioId: options.scenario, dueAt: options.due, ...planAsked(options), requestId: options.requestId },
        drillScheduled,
      ),
    );

const addStart = (drill: Command, machine: Machine) =>
  asks(
    withRequestId(
      withPlan(drill.command('start').description('start a planned drill, or one from a scenario directly')),
    ),
    'drills-start',
    { ...PLAN_FIELDS, startedAt: '--at' },
  )
    .argument('[drill]', 'the id of a planned drill')
    .option('--scenario <scenario>', 'start a new drill of this scenario instead')
    .option('--at <time>', 'when it started, if not now: ISO 8601 with a zone')
    .action((id: string | undefined, options: PlanOptions & Identified & StartOptions, command: Command) =>
      contextOf(machine, command).change(
        'drills-start',
        {
          drillId: id,
          scenarioId: options.scenario,
          startedAt: options.at,
          ...planAsked(options),
          requestId: options.requestId,
        },
        drillStarted,
      ),
    );

interface StartOptions {
  scenario?: string;
  at?: string;
}

const addEvent = (drill: Command, machine: Machine) =>
  asks(
    withRequestId(drill.command('event').description('add an event to the timeline, or correct one')),
    'drills-recordEvent',
  )
    .argument('<drill>', 'the id of a running drill')
    .argument(
      '<type>',
      `${either(dashed(contract.drillEventType.exclude(['started', 'completed']).options))}; started to correct it`,
    )
    .option('--at <time>', 'when it happened, if not now: ISO 8601 with a zone')
    .option('--seen-by <who>', 'who or what saw it')
    .option('--note <text>', 'what happened')
    .option('--supersedes <event>', 'the event whose time was wrong; both stay readable')
    .action((id: string, type: string, options: EventOptions & Identified, command: Command) =>
      contextOf(machine, command).change(
        'drills-recordEvent',
        { drillId: id, type: type.replaceAll('-', '_'), ...options },
        eventRecorded,
      ),
    );

interface EventOptions {
  at?: string;
  seenBy?: string;
  note?: string;
  supersedes?: string;
}

const addComplete = (drill: Command, machine: Machine) =>
  asks(
    withRequestId(drill.command('complete').description('complete a running drill; its figures are computed')),
    'drills-complete',
    COMPLETION_FIELDS,
  )
    .argument('<drill>', 'the id of a running drill')
    .requiredOption('--outcome <outcome>', either(contract.drillOutcome.options))
    .option('--ended <time>', 'when it ended, if not now: ISO 8601 with a zone')
    .option('--notes <text>', 'what is worth keeping')
    .option('--risk <text>', 'an unresolved risk (repeatable)', collected)
    .option('--mttr-minutes <number>', 'the TTR if no event measures it; it is marked as reported')
    .option('--invited <number>', 'how many were invited (with --attended)')
    .option('--attended <number>', 'how many came')
    .option('--checks <number>', 'how many checks ran (with --checks-passed)')
    .option('--checks-passed <number>', 'how many of them held')
    .action((id: string, options: CompletionOptions & Identified, command: Command) =>
      contextOf(machine, command).change(
        'drills-complete',
        { drillId: id, ...completionAsked(options), requestId: options.requestId },
        drillCompleted,
      ),
    );

const addCancel = (drill: Command, machine: Machine) =>
  asks(withRequestId(drill.command('cancel').description('cancel a planned or running drill')), 'drills-cancel')
    .argument('<drill>', 'the id of the drill')
    .requiredOption('--reason <text>', 'why')
    .action((id: string, options: Identified & { reason: string }, command: Command) =>
      contextOf(machine, command).change('drills-cancel', { drillId: id, ...options }, drillCancelled),
    );

const addList = (drill: Command, machine: Machine) =>
  asks(withPaging(drill.command('list').description('drills by status, scenario, overdue and time')), 'drills-list')
    .option('--status <status>', either(contract.drillStatus.options))
    .option('--scenario <scenario>', 'of this scenario')
    .option('--overdue', 'only those that are overdue')
    .option('--no-overdue', 'only those that are not')
    .option('--from <time>', 'held or due at this time or later: ISO 8601 with a zone')
    .option('--to <time>', 'held or due before this time')
    .action(async (options: ListOptions, command: Command) => {
      const context = contextOf(machine, command);
      const { status, scenario, overdue, from, to } = options;
      const asked = { status, scenarioId: scenario, overdue, from, to, ...pageAsked(options) };
      if (!options.all) return context.ask('drills-list', asked, drillList);
      const drills = await allPages(options.cursor, async (cursor) => {
        const page = await context.fetch('drills-list', { ...asked, cursor });
        return { items: page.drills, nextCursor: page.nextCursor };
      });
      const response = { drills, nextCursor: null };
      return context.answer(response, (shown) => drillList(shown, context.page));
    });

interface ListOptions extends PagingOptions {
  status?: string;
  scenario?: string;
  overdue?: boolean;
  from?: string;
  to?: string;
}

const addShow = (drill: Command, machine: Machine) =>
  asks(drill.command('show').description('one drill: where it stands, its figures and its timeline'), 'drills-get')
    .argument('<drill>', 'the id of the drill')
    .action((id: string, _options: object, command: Command) =>
      contextOf(machine, command).ask('drills-get', { drillId: id }, drillPage),
    );
