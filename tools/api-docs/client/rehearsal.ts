/**
 * What a product writes that has generated its client from docs/openapi.json. Not part of `tsc --build`, because what it imports
 * is generated: generated-client.test.ts generates, and checks this folder against it.
 */
import createClient from 'openapi-fetch';
import type { paths } from './lib/schema';

export interface Reached {
  /** Where `/api` is answered, and where callable functions are. */
  api: string;
  functions: string;
  authorization: string;
}

/** Starts and completes a drill by the HTTP API and by a callable, and gives what each answered. */
export const rehearse = async ({ api, functions, authorization }: Reached, scenarioId: string) => {
  const http = createClient<paths>({ baseUrl: api, headers: { authorization } });
  const callable = createClient<paths>({ baseUrl: functions, headers: { authorization } });

  const started = await http.POST('/api/ops/drills', {
    params: { header: { 'Idempotency-Key': `${scenarioId}-start` } },
    body: { scenarioId, status: 'started' },
  });
  const found = await callable.POST('/drills-list', { body: { data: { scenarioId } } });
  const entries = await http.GET('/api/ops/audit', {
    params: { query: { limit: '5', actionPrefix: 'studio_ops.drill' } },
  });
  return {
    startedAs: started.data?.drill.status,
    listed: found.data?.result.drills.map(({ id }) => id),
    drillId: started.data?.drill.id,
    actions: entries.data?.rows.map(({ action }) => action),
  };
};

/** What a refusal says, by the types of the generated client: its own shape, or the one that every route has. */
export const refusedProposal = async ({ api, authorization }: Reached) => {
  const http = createClient<paths>({ baseUrl: api, headers: { authorization } });
  const { error, response } = await http.POST('/api/capabilities/proposals/{id}/approve', {
    params: { path: { id: 'prp_nosuchproposal' } },
    body: {},
  });
  if (!error) throw new Error('approved what there is not');
  return { status: response.status, message: error.message, cause: 'decision' in error ? error.decision : undefined };
};

/** Never called: lines that must not compile, so that the types are known to say something. */
export const mistaken = async (scenarioId: string): Promise<void> => {
  const http = createClient<paths>({ baseUrl: '' });
  // @ts-expect-error -- no such status
  await http.POST('/api/ops/drills', { body: { scenarioId, status: 'begun' } });
  // @ts-expect-error -- a text
  await http.POST('/drills-start', { body: { data: { scenarioId: 1 } } });
  // @ts-expect-error -- no such path
  await http.GET('/api/ops/nothing');
};
