import type { Shape } from './shape';

/** Lines of base64, also with escaped line breaks. */
const BASE64_LINES = String.raw`[A-Za-z0-9+/=]*(?:(?:\\{1,8}[rn]|[\r\n])+[ \t]{0,16}[A-Za-z0-9+/=]{20,})*`;

/** Private keys as files; cut off, the rest of the text goes. */
export const WHOLE_KEYS: readonly Shape[] = [
  {
    kind: 'private-key',
    shape:
      /-----BEGIN\s[A-Z0-9\s]{0,40}PRIVATE\sKEY(?:\sBLOCK)?-----[\s\S]*?(?:-----END\s[A-Z0-9\s]{0,40}PRIVATE\sKEY(?:\sBLOCK)?-----|$)/gu,
  },
  {
    kind: 'private-key',
    shape: /(?:PuTTY-User-Key-File-\d|Private-Lines):[\s\S]*?(?:Private-MAC: ?[0-9a-f]{0,128}|$)/giu,
  },
];

/** And as what is pasted of them. */
export const PRIVATE_KEYS: readonly Shape[] = [
  ...WHOLE_KEYS,
  // Without their first line: what `openssh-key-v1`, PKCS #1 and PKCS #8 begin with.
  { kind: 'private-key', shape: new RegExp(`b3BlbnNzaC1rZXktdj${BASE64_LINES}`, 'gu') },
  { kind: 'private-key', shape: new RegExp(`MII[A-Za-z0-9+/]{3}IBA(?:DAN|AKC)${BASE64_LINES}`, 'gu') },
];
