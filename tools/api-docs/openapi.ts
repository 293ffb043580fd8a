/** The OpenAPI 3.1 document of all that is deployed, made from the contract alone. */
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import { ERROR_TABLE, operations, opsApi, REASON_CODES, type OperationContract } from '@muster/contract';

type Json = Record<string, unknown>;
/** A schema of the contract as JSON Schema. */
type SchemaOf = (schema: z.ZodType, io: 'input' | 'output') => Json;

/**
 * What a schema names (`.meta({ id })`, which everything that holds itself needs) goes to `named`, which is
 * `components.schemas` in the end: a reference is resolved from the root of the document, not from the schema it stands in.
 */
const namingInto =
  (named: Json): SchemaOf =>
  (schema, io) => {
    const { $schema: _, $defs = {}, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
    for (const [name, definition] of Object.entries($defs)) {
      if (name.startsWith('__'))
        throw new Error(`a schema that holds itself has no name: give it one with .meta({ id })`);
      const moved = withMovedReferences(definition);
      if (named[name] !== undefined && !isDeepStrictEqual(named[name], moved))
        throw new Error(`two schemas are named ${name}`);
      named[name] = moved;
    }
    return withMovedReferences(rest) as Json;
  };

const withMovedReferences = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withMovedReferences);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      key === '$ref' && typeof inner === 'string'
        ? inner.replace(/^#\/\$defs\//u, '#/components/schemas/')
        : withMovedReferences(inner),
    ]),
  );
};

interface JsonContent {
  'application/json': { schema: Json };
}
type Answers = Record<string, { description: string; content: JsonContent }>;

const json = (schema: Json): JsonContent => ({ 'application/json': { schema } });

const WHO: Record<OperationContract['who'], string> = {
  'signed-in': 'any signed-in user',
  staff: 'staff',
  'staff-or-auditor': 'staff or auditor',
  admin: 'admin',
  recorder: 'recorder',
};

/** Errors by status: one answer a status, listing the codes that it stands for. */
const callableStatus: Record<(typeof ERROR_TABLE)[keyof typeof ERROR_TABLE]['callable'], number> = {
  'invalid-argument': 400,
  'failed-precondition': 400,
  unauthenticated: 401,
  'permission-denied': 403,
  'not-found': 404,
  aborted: 409,
  unavailable: 503,
  internal: 500,
  'resource-exhausted': 429,
};

const codesByStatus = (statusOf: (code: keyof typeof ERROR_TABLE) => number): Map<number, string[]> => {
  const found = new Map<number, string[]>();
  for (const code of Object.keys(ERROR_TABLE) as (keyof typeof ERROR_TABLE)[]) {
    const status = statusOf(code);
    found.set(status, [...(found.get(status) ?? []), code]);
  }
  return found;
};

const errorAnswers = (statusOf: (code: keyof typeof ERROR_TABLE) => number, schema: string): Answers =>
  Object.fromEntries(
    [...codesByStatus(statusOf)]
      .toSorted(([a], [b]) => a - b)
      .map(([status, codes]) => [
        String(status),
        { description: codes.join(', '), content: json({ $ref: `#/components/schemas/${schema}` }) },
      ]),
  );

/** A status that a route refuses with in a shape of its own goes on standing for what every route refuses with it. */
const withOwnRefusals = (answers: Answers, own: Record<string, z.ZodType>, schemaOf: SchemaOf): Answers => ({
  ...answers,
  ...Object.fromEntries(
    Object.entries(own).map(([status, shape]) => {
      const common = answers[status];
      const schema = schemaOf(shape, 'output');
      return [
        status,
        common
          ? {
              description: `${common.description}; or refused by the guard.`,
              content: json({ anyOf: [schema, common.content['application/json'].schema] }),
            }
          : { description: 'Refused by the guard.', content: json(schema) },
      ];
    }),
  ),
});

const callablePath = (schemaOf: SchemaOf, name: string, contract: OperationContract): [string, Json] => [
  `/${name}`,
  {
    post: {
      operationId: name,
      tags: [name.split('-')[0]],
      summary: contract.summary,
      description: `Callable function, for ${WHO[contract.who]}. The callable protocol wraps the request in \`data\` and the answer in \`result\`.`,
      servers: [
        { url: 'https://us-central1-{project}.cloudfunctions.net', variables: { project: { default: 'demo-muster' } } },
      ],
      requestBody: {
        required: true,
        content: json({
          type: 'object',
          required: ['data'],
          properties: { data: schemaOf(contract.request, 'input') },
        }),
      },
      responses: {
        200: {
          description: 'Done.',
          content: json({
            type: 'object',
            required: ['result'],
            properties: { result: schemaOf(contract.response, 'output') },
          }),
        },
        ...errorAnswers((code) => callableStatus[ERROR_TABLE[code].callable], 'CallableError'),
      },
    },
  },
];

const HEADERS = {
  requestId: {
    name: 'x-request-id',
    in: 'header',
    required: false,
    description:
      'Your own id of the request: answered as it came, and found in the audit as `callerRequestId`. The id of Muster is answered as `x-muster-correlation-id`.',
    schema: { type: 'string', pattern: '^[A-Za-z0-9._:-]{1,128}$' },
  },
  idempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    required: false,
    description: 'The same key again returns the first answer and changes nothing. Kept for 30 days.',
    schema: { type: 'string', pattern: '^[A-Za-z0-9._:-]{1,128}$' },
  },
};

const routePaths = (schemaOf: SchemaOf): Json => {
  const paths: Record<string, Json> = {};
  for (const [key, route] of Object.entries({ ...opsApi.openRoutes, ...opsApi.routes })) {
    const [method = '', path = ''] = key.split(' ');
    const open = key in opsApi.openRoutes;
    const query = 'query' in route ? schemaOf(route.query, 'input') : undefined;
    // Of RFC 6570, what OpenAPI does not have: a part of the path that has slashes.
    const documented = path.replace('{+', '{');
    paths[documented] = {
      ...paths[documented],
      [method.toLowerCase()]: {
        // Without braces: generators make names and addresses of it.
        operationId: `${method.toLowerCase()}-${documented.replaceAll(/[{}]/gu, '').split('/').slice(2).join('-')}`,
        tags: ['http'],
        summary: route.summary,
        ...(open ? { security: [] } : {}),
        parameters: [
          ...[...documented.matchAll(/\{(\w+)\}/gu)].map(([, name]) => ({
            name,
            in: 'path',
            required: true,
            schema: { type: 'string' },
          })),
          ...Object.entries((query?.['properties'] as Record<string, Json> | undefined) ?? {}).map(
            ([name, schema]) => ({
              name,
              in: 'query',
              required: false,
              schema,
            }),
          ),
          HEADERS.requestId,
          ...(method === 'POST' ? [HEADERS.idempotencyKey] : []),
        ],
        ...('body' in route ? { requestBody: { required: true, content: json(schemaOf(route.body, 'input')) } } : {}),
        responses: {
          ['status' in route ? route.status : 200]: {
            description: 'Done.',
            content:
              'content' in route
                ? { [route.content]: { schema: schemaOf(route.response, 'output') } }
                : json(schemaOf(route.response, 'output')),
          },
          ...(open
            ? { 503: { description: 'Not ready.', content: json({ type: 'object' }) } }
            : withOwnRefusals(
                errorAnswers((code) => ERROR_TABLE[code].http, 'Refusal'),
                'refusals' in route ? route.refusals : {},
                schemaOf,
              )),
        },
      },
    };
  }
  return paths;
};

/** One line for all operations: what each takes and answers stands under its own name. */
const doorPath = (): Json => ({
  '/api/call/{operation}': {
    post: {
      operationId: 'call',
      tags: ['http'],
      summary: 'Every operation, at one address.',
      description:
        'The callable protocol: request and answer are those of the callable function of that name, and so are statuses and errors. For `httpsCallableFromURL`.',
      parameters: [
        { name: 'operation', in: 'path', required: true, schema: { enum: Object.keys(operations) } },
        HEADERS.requestId,
        {
          name: 'x-firebase-appcheck',
          in: 'header',
          required: false,
          description: 'App Check token, where the deployment asks for one (MUSTER_APP_CHECK).',
          schema: { type: 'string' },
        },
      ],
      requestBody: {
        required: true,
        content: json({ type: 'object', required: ['data'], properties: { data: { type: 'object' } } }),
      },
      responses: {
        200: {
          description: 'Done.',
          content: json({ type: 'object', required: ['result'], properties: { result: {} } }),
        },
        ...errorAnswers((code) => callableStatus[ERROR_TABLE[code].callable], 'CallableError'),
      },
    },
  },
});

export const openApiDocument = (version: string): Json => {
  const named: Json = {};
  const schemaOf = namingInto(named);
  const paths = {
    ...routePaths(schemaOf),
    ...doorPath(),
    ...Object.fromEntries(Object.entries(operations).map(([name, contract]) => callablePath(schemaOf, name, contract))),
  };
  const refusal = schemaOf(opsApi.refusal, 'output');
  return {
    openapi: '3.1.0',
    info: {
      title: 'Muster',
      version,
      summary: 'Rehearse security incidents, stop dangerous automation, prove afterwards what happened.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: 'https://{project}.web.app', variables: { project: { default: 'demo-muster' } } }],
    security: [{ firebaseIdToken: [] }],
    paths,
    components: {
      securitySchemes: {
        firebaseIdToken: { type: 'http', scheme: 'bearer', bearerFormat: 'Firebase ID token' },
      },
      schemas: {
        ...named,
        Refusal: refusal,
        CallableError: {
          type: 'object',
          required: ['error'],
          properties: {
            error: {
              type: 'object',
              required: ['status', 'message'],
              properties: {
                status: { type: 'string' },
                message: { type: 'string' },
                details: {
                  type: 'object',
                  properties: {
                    code: { enum: Object.keys(ERROR_TABLE) },
                    reason: { enum: [...REASON_CODES] },
                    next: { type: 'string' },
                    state: { type: 'string' },
                    capability: { type: 'string' },
                    activation: { type: 'string' },
                    severity: { enum: ['P0'] },
                    steps: { type: 'array', items: { type: 'string' } },
                    correlationId: { type: 'string' },
                    fields: {
                      type: 'array',
                      items: {
                        type: 'object',
                        properties: { field: { type: 'string' }, problem: { type: 'string' } },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      },
    },
  };
};
