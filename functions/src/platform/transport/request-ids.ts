/** Under which ids a request is answered: in headers, so that a caller has them of a refusal by the protocol too. */
import { callerRequestIdFrom, type RequestIds } from '@muster/core/correlation';
import type { Ids } from '@muster/core/ids';

/** The caller's own id, and its echo; ours where none came. */
export const CALLERS_HEADER = 'x-request-id';
/** Muster's own id: the one in logs, in refusals and in the audit. */
export const CORRELATION_HEADER = 'x-muster-correlation-id';

export const requestIdsOf = (request: { header(name: string): string | undefined }, ids: Ids): RequestIds => ({
  correlationId: ids('req'),
  callerRequestId: callerRequestIdFrom(request.header(CALLERS_HEADER)),
});

export const tellIds = (
  response: { setHeader(name: string, value: string): unknown },
  { correlationId, callerRequestId }: RequestIds,
): void => {
  response.setHeader(CALLERS_HEADER, callerRequestId ?? correlationId);
  response.setHeader(CORRELATION_HEADER, correlationId);
};
