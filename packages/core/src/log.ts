import { redact } from './redaction/redaction';

/** Structured logging. `critical` is for what must wake someone, `emergency` for what is out of control. */
export interface Log {
  error(message: string, fields?: Record<string, unknown>): void;
  critical(message: string, fields?: Record<string, unknown>): void;
  emergency(message: string, fields?: Record<string, unknown>): void;
}

/** One JSON object a line, as Cloud Logging reads it; all of it passes the redacting door. */
export const cloudLog = (write: (line: string) => void): Log => {
  const at =
    (severity: string) =>
    (message: string, fields: Record<string, unknown> = {}): void =>
      write(JSON.stringify(redact({ ...fields, severity, message })));
  return { error: at('ERROR'), critical: at('CRITICAL'), emergency: at('EMERGENCY') };
};

/** Causes of causes are told this deep: one that leads back to itself has no end. */
const DEEPEST_CAUSE = 8;

/** An unexpected error as log fields. The stack stays here, in the logs; no caller sees it. */
export const errorFields = (error: unknown, depth = 0): Record<string, unknown> =>
  error instanceof Error
    ? {
        error: error.message,
        stack: error.stack,
        ...(error.cause && depth < DEEPEST_CAUSE ? { cause: errorFields(error.cause, depth + 1) } : {}),
      }
    : { error: String(error) };
