import type { ResponseOf } from '@muster/contract';
import { dayAndMinute } from '../output/instant';
import { moreHint } from '../output/more-hint';
import type { Page } from '../output/page';
import { table } from '../output/table';

type Listed = ResponseOf<'staff-list'>;

/** Who is on the roster, then whose claims nobody granted. */
export const staffList = (answer: Listed, page: Page): string =>
  [
    rosterOf(answer, page),
    ...(answer.nextCursor === null ? [] : ['', moreHint(answer.nextCursor)]),
    '',
    surveyOf(answer, page),
  ].join('\n');

const rosterOf = ({ staff }: Listed, { ink }: Page): string => {
  if (staff.length === 0) return 'Nobody is on the roster: muster staff bootstrap.';
  const rows = staff.map((one) => [
    ink.strong(one.uid),
    one.roles.join(', ') || 'no role',
    one.standing === 'enabled' ? '' : ink.bad(one.standing),
    dayAndMinute(one.changedAt),
    one.changedBy,
    driftWords(one.drift),
  ]);
  return table(ink, rows, {
    head: ['user', 'roles', 'account', 'changed (UTC)', 'by', 'Firebase Auth says otherwise'],
  });
};

const driftWords = ({ gone, unknown }: Listed['staff'][number]['drift']): string =>
  [
    ...(gone.length > 0 ? [`without ${gone.join(', ')}`] : []),
    ...(unknown.length > 0 ? [`with ${unknown.join(', ')}`] : []),
  ].join('; ');

const surveyOf = ({ survey, rolesFrom }: Listed, { ink }: Page): string => {
  if (survey === null) return ink.faint('The claims of all accounts were not looked at yet: 1,000 an hour.');
  const count = survey.ungranted.length + survey.more;
  const how =
    survey.completedAt === null
      ? `${survey.accounts} accounts looked at since ${dayAndMinute(survey.begunAt)} UTC; not all yet.`
      : `All accounts were looked at until ${dayAndMinute(survey.completedAt)} UTC.`;
  if (count === 0) return `No claim was found that nobody granted here. ${ink.faint(how)}`;
  const what =
    rolesFrom === 'claims'
      ? 'These are roles of Muster all the same (MUSTER_ROLES=claims).'
      : 'They are no roles of Muster (MUSTER_ROLES=roster).';
  return [
    ink.warn(
      `${count} ${count === 1 ? 'account carries a claim' : 'accounts carry claims'} that nobody granted here. ${what}`,
    ),
    ...survey.ungranted.map(({ uid, roles }) => `  ${ink.strong(uid)}  ${roles.join(', ')}`),
    ...(survey.more > 0 ? [`  … and ${survey.more} more`] : []),
    ink.faint(how),
  ].join('\n');
};
