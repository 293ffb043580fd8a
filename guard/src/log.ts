import { redact } from './redaction';

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

/** An unexpected error as log fields. The stack stays here, in the logs; no caller sees it. */
export const errorFields = (error: unknown): Record<string, unknown> =>
  error instanceof Error
    ? { error: error.message, stack: error.stack, ...(error.cause ? { cause: errorFields(error.cause) } : {}) }
    : { error: String(error) };
