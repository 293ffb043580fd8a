/** docs/api.md: what the OpenAPI document says, for people. Made from the same contract. */
import * as z from 'zod';
import { ERROR_TABLE, operations, opsApi, REASON_CODES, type OperationContract } from '@muster/contract';

interface Shape {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  default?: unknown;
  items?: Shape;
  anyOf?: Shape[];
  properties?: Record<string, Shape>;
  required?: string[];
}

const shapeOf = (schema: z.ZodType): Shape => z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Shape;

/** A field in a few words: `P0 | P1 | P2 | P3`, `text, at most 4000`, `list of text, at most 50`. */
const words = (shape: Shape): string => {
  if (shape.const !== undefined) return `\`${JSON.stringify(shape.const)}\``;
  if (shape.enum) return shape.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (shape.anyOf) return shape.anyOf.map(words).join(' or ');
  if (shape.type === 'array')
    return `list of ${words(shape.items ?? {})}${shape.maxItems ? `, at most ${shape.maxItems}` : ''}`;
  if (shape.type === 'object') {
    const fields = Object.keys(shape.properties ?? {});
    return fields.length > 0 ? `object (${fields.map((name) => `\`${name}\``).join(', ')})` : 'object';
  }
  if (shape.format === 'date-time') return 'ISO 8601 time with a zone';
  if (shape.type === 'integer' || shape.type === 'number') {
    const range =
      shape.minimum === undefined
        ? ''
        : ` from ${shape.minimum}${(shape.maximum ?? 1e15) < 1e15 ? ` to ${shape.maximum}` : ''}`;
    return `${shape.type === 'integer' ? 'whole number' : 'number'}${range}`;
  }
  if (shape.type === 'string') return textOf(shape);
  if (shape.type === 'boolean') return '`true` or `false`';
  return String(shape.type ?? 'anything');
};

/** That a text is not empty goes without saying. */
const textOf = ({ minLength = 1, maxLength }: Shape): string => {
  if (maxLength === undefined) return 'text';
  return minLength > 1 ? `text, ${minLength} to ${maxLength}` : `text, at most ${maxLength}`;
};

const fieldTable = (schema: z.ZodType): string[] => {
  const { properties = {}, required = [] } = shapeOf(schema);
  const rows = Object.entries(properties).map(([name, shape]) => {
    const needed =
      required.includes(name) && shape.default === undefined
        ? 'yes'
        : shape.default === undefined
          ? ''
          : `default \`${JSON.stringify(shape.default)}\``;
    return `| \`${name}\` | ${needed} | ${words(shape).replaceAll('|', '\\|')} |`;
  });
  return rows.length === 0 ? ['No fields.'] : ['| field | required | what |', '|---|---|---|', ...rows];
};

const answered = (schema: z.ZodType): string =>
  `Answers ${
    Object.keys(shapeOf(schema).properties ?? {})
      .map((name) => `\`${name}\``)
      .join(', ') || 'one of the shapes in openapi.json'
  }.`;

const WHO: Record<OperationContract['who'], string> = {
  'signed-in': 'any signed-in user',
  staff: 'staff',
  'staff-or-auditor': 'staff or auditor',
  admin: 'admin',
  recorder: 'recorder',
};

const callable = ([name, contract]: [string, OperationContract]): string[] => [
  `### \`${name}\``,
  '',
  `${contract.summary} For: ${WHO[contract.who]}.`,
  '',
  ...fieldTable(contract.request),
  '',
  answered(contract.response),
  '',
];

const route = ([key, shape]: [
  string,
  { summary: string; body?: z.ZodType; query?: z.ZodType; content?: string; response: z.ZodType },
]): string[] => {
  const input = shape.body ?? shape.query;
  return [
    `### \`${key}\``,
    '',
    shape.summary,
    '',
    ...(input ? [...fieldTable(input), ''] : []),
    shape.content ? `Answers \`${shape.content}\`.` : answered(shape.response),
    '',
  ];
};

export const apiPage = (): string =>
  [
    '# API',
    '',
    'Made from `packages/contract` by `npm run docs`; a test fails when it is not current. The same for programs: [openapi.json](openapi.json).',
    '',
    'Every caller sends a Firebase ID token (`Authorization: Bearer …`); the web, Android and iOS SDKs do it by themselves.',
    'Unknown fields are refused. Times are ISO 8601, answered in UTC. Durations are integer milliseconds, except `mttrMinutes`.',
    'Every changing call takes an optional `requestId` (over HTTP: the header `Idempotency-Key`): the same id again, by the same',
    'user, returns the first answer and changes nothing; it is kept for 30 days. `x-request-id` is yours, and answered as it',
    "came; the correlation id is Muster's own: it is answered as `x-muster-correlation-id`, stands in the `details` of a refusal, in the",
    'log, and in the audit, which is asked by either.',
    '',
    '## Callable functions',
    '',
    '`httpsCallable(functions, \'drills-start\')` in the SDKs, or `POST` with `{"data": …}`, answered as `{"result": …}`.',
    '',
    ...Object.entries(operations).flatMap(callable),
    '## HTTP API',
    '',
    'Function `api`, behind the Hosting rewrite `/api/**`. Answers are `{"ok": true, …}` or `{"ok": false, "message": …}`.',
    'Both "no valid token" and "no such role" are 401; `message` and `details.reason` tell which.',
    '',
    ...Object.entries({ ...opsApi.openRoutes, ...opsApi.routes }).flatMap(route),
    '## Errors',
    '',
    '`{ code, message, details }`. `message` is for people; `details.reason` is for programs; `details.next` says what to do;',
    '`details.fields` names each wrong field; `details.state` is the state that refused.',
    '',
    '| code | callable status | HTTP status |',
    '|---|---|---|',
    ...Object.entries(ERROR_TABLE).map(
      ([code, { callable: status, http }]) => `| \`${code}\` | \`${status}\` | ${http} |`,
    ),
    '',
    `Reasons: ${REASON_CODES.map((reason) => `\`${reason}\``).join(', ')}.`,
    '',
  ].join('\n');
