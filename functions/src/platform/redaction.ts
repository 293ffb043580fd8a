/**
 * The one door through which texts reach audit entries and logs (law 10): no secret and no personal data
 * passes it. What was taken out is marked with its kind, so that a reader sees that something stood there.
 *
 * Shapes are those that the issuers publish; each has a test with a real shape.
 */
const SHAPES: readonly { kind: string; shape: RegExp }[] = [
  {
    kind: 'private-key',
    shape: /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/gu,
  },
  { kind: 'jwt', shape: /\beyJ[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]{5,}\.[A-Za-z0-9_-]*/gu },
  { kind: 'google-api-key', shape: /\bAIza[0-9A-Za-z_-]{35}/gu },
  { kind: 'google-oauth-token', shape: /\bya29\.[0-9A-Za-z_-]{20,}/gu },
  { kind: 'google-oauth-secret', shape: /\bGOCSPX-[0-9A-Za-z_-]{20,}/gu },
  { kind: 'github-token', shape: /\b(?:gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})/gu },
  { kind: 'slack-token', shape: /\bxox[abeoprs]-[A-Za-z0-9-]{10,}/gu },
  { kind: 'slack-webhook', shape: /hooks\.slack\.com\/(?:services|workflows)\/[A-Za-z0-9/_-]+/gu },
  { kind: 'aws-access-key', shape: /\b(?:AKIA|ASIA|AGPA|AIDA|AROA)[0-9A-Z]{16}\b/gu },
  { kind: 'stripe-key', shape: /\b(?:[sr]k_(?:live|test)|whsec)_[0-9A-Za-z]{16,}/gu },
  { kind: 'npm-token', shape: /\bnpm_[A-Za-z0-9]{36}\b/gu },
  { kind: 'api-key', shape: /\bsk-(?:ant-|proj-)?[A-Za-z0-9_-]{20,}/gu },
  { kind: 'credentials-in-url', shape: /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/:@]+:[^\s/@]+@/giu },
  { kind: 'authorization', shape: /\b(?:bearer|basic)\s+[A-Za-z0-9._~+/=-]{8,}/giu },
  { kind: 'cookie', shape: /\b(?:set-)?cookie:\s*[^\r\n]+/giu },
  {
    kind: 'password',
    shape:
      /\b(?:password|passwd|passphrase|pwd|secret|client_secret|api[_-]?key|access[_-]?token|refresh[_-]?token|aws_secret_access_key)["']?\s*[:=]\s*(?:"[^"\r\n]*"|'[^'\r\n]*'|[^\s,;"']+)/giu,
  },
  { kind: 'email', shape: /[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}/gu },
  { kind: 'ip-address', shape: /\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b/gu },
];

/** Takes secrets and personal data out of a text; `[redacted:KIND]` stands where they stood. */
export const redactText = (text: string): string =>
  SHAPES.reduce((rest, { kind, shape }) => rest.replace(shape, `[redacted:${kind}]`), text);

/** A value under such a name is a secret whatever it looks like. */
const SECRET_NAME =
  /^(?:.*[_-])?(?:password|passwd|passphrase|secret|token|cookie|authorization|api[_-]?key|private[_-]?key)$/iu;

/** The same for anything that is written as JSON: texts, and values whose name says that they are secret. */
export const redact = (value: unknown): unknown => {
  if (typeof value === 'string') return redactText(value);
  if (Array.isArray(value)) return value.map(redact);
  if (value === null || typeof value !== 'object' || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [
      name,
      SECRET_NAME.test(name) && typeof inner === 'string' ? '[redacted:by-name]' : redact(inner),
    ]),
  );
};
