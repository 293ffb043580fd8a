/** Numbers of people and of their money, which check digits and ranges tell from other numbers. */
import type { Shape } from './shape';

/**
 * Not within a longer number or a hash: a digit beside it, or a letter that hex is written with, unless a letter of a word is
 * close. A fraction has no card number behind its dot either.
 */
const BEFORE = String.raw`(?<![0-9]|[0-9][.,]|(?<![g-zG-Z][0-9A-Fa-f]{0,8})[A-Fa-f])`;
const AFTER = String.raw`(?![0-9]|[A-Fa-f](?![0-9A-Fa-f]{0,8}[g-zG-Z]))`;

/** Between groups, as people and forms write them. */
const GAP = String.raw`[ +.\u00a0\u2007\u2009\u202f\u2010-\u2013-]`;

/**
 * The ranges that card networks number from (ISO/IEC 7812): American Express, Diners, JCB, Visa, Mastercard, Maestro, Discover, UnionPay,
 * RuPay, Mir. None begins with 1, as times in milliseconds do.
 */
const CARD_RANGE = /^(?:3[4-9]|30[0-5]|4|5|6|2[2-7]|81|82)/u;
const CARD_LENGTHS: Readonly<Record<string, readonly number[]>> = { 3: [14, 15, 16], 4: [13, 16, 19] };
const OTHER_CARD_LENGTHS: readonly number[] = [16, 17, 18, 19];

const isCard = (digits: string): boolean =>
  CARD_RANGE.test(digits) &&
  (CARD_LENGTHS[digits.charAt(0)] ?? OTHER_CARD_LENGTHS).includes(digits.length) &&
  new Set(digits).size > 1 &&
  luhn(digits) % 10 === 0;

/** ISO/IEC 7812-1, annex B: each second digit from the right counts double, its digits added. */
const luhn = (digits: string): number =>
  Array.from(digits)
    .reverse()
    .reduce((sum, digit, index) => {
      const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
      return sum + (value > 9 ? value - 9 : value);
    }, 0);

/** The length of an IBAN in each country of SWIFT's registry (release 99), two letters and two digits included. */
const IBAN_LENGTHS: ReadonlyMap<string, number> = new Map(
  (
    'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 ' +
    'FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 ' +
    'LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 ' +
    'SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30'
  )
    .split(' ')
    .map((country) => [country.slice(0, 2), Number(country.slice(2))]),
);

/** How many characters of the text are the IBAN that it begins with; 0 when it begins with none. */
const ibanWithin = (found: string): number => {
  const length = IBAN_LENGTHS.get(found.slice(0, 2).toUpperCase());
  if (length === undefined) return 0;
  let end = 0;
  let iban = '';
  while (iban.length < length && end < found.length) {
    const sign = found.charAt(end);
    if (/[A-Za-z0-9]/u.test(sign)) iban += sign;
    end += 1;
  }
  if (iban.length < length || /[A-Za-z0-9]/u.test(found.charAt(end))) return 0;
  return mod97(iban.toUpperCase()) === 1 ? end : 0;
};

/** ISO 13616: the first four moved to the end, letters read as 10 to 35, is 1 modulo 97. */
const mod97 = (iban: string): number =>
  Array.from(`${iban.slice(4)}${iban.slice(0, 4)}`).reduce((rest, sign) => {
    const value = Number.parseInt(sign, 36);
    return (rest * (value > 9 ? 100 : 10) + value) % 97;
  }, 0);

const CALLED = 'phone|telephone|telefon|tel|mobile|mobil|cell|fax|handy|whatsapp|sms';

/** With the code of a country, as a country writes its own, or behind a word that says so. */
const PHONE_NUMBERS: readonly RegExp[] = [
  /(?<!(?<!\\)\w|\+)\+[1-9]\d{0,2}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{2,4}(?:[ .-]?\d{2,4}){1,4}(?![\w:])/gu,
  /(?<!(?<!\\)\w|[+.:/-])00[1-9](?:[ +./-]?\d){8,13}(?![\w:]|-[0-9A-Fa-f])/gu,
  // North America.
  /(?<!(?<!\\)\w|[+.-])(?:1[ .-])?(?:\([2-9]\d{2}\)[ +]?|[2-9]\d{2}([.-]))\d{3}(?:\1|(?<=\)[ +]?\d{3})[ .-])\d{4}(?![\w-]|\.\d)/gu,
  // Where a number begins with 0 in its own country: France in pairs, others an area and the rest.
  /(?<!(?<!\\)\w|[+.:/-])0[1-9](?:[ +.-]\d{2}){4}(?![\w:-]|\.\d)/gu,
  /(?<!(?<!\\)\w|[+.:/-])(?:\(0[1-9]\d{1,3}\)[ +]?|0[1-9]\d{1,3}[ +/-])\d{3,4}[ +-]?\d{3,5}(?:[ +-]\d{1,4})?(?![\w:-]|\.\d)/gu,
  new RegExp(
    String.raw`(?<!\p{L})(?:${CALLED})(?:[ _-]?(?:number|no|nr))?\\{0,8}["']?\.?[ \t]{0,3}[:=]?[ \t]{0,3}\\{0,8}["']?` +
      String.raw`\(?[0-9](?:[ ()./-]{0,2}[0-9]){6,14}(?![0-9:]|[.-][0-9])`,
    'giu',
  ),
];

export const CARD_NUMBERS: readonly Shape[] = [
  {
    kind: 'card-number',
    shape: new RegExp(
      `${BEFORE}(?:[2-68][0-9]{12,18}|[2-68][0-9]{3}(?:${GAP}[0-9]{4}){2}${GAP}[0-9]{1,4}(?:${GAP}[0-9]{3})?|` +
        `3[0-9]{3}${GAP}[0-9]{6}${GAP}[0-9]{4,5})${AFTER}`,
      'gu',
    ),
    holds: (found) => (isCard(found.replace(/\D/gu, '')) ? found.length : 0),
  },
];

export const CHECKED_NUMBERS: readonly Shape[] = [
  {
    kind: 'iban',
    shape: new RegExp(
      `(?:(?<!(?<!\\\\)[A-Za-z0-9])|(?<=iban)|(?<=IBAN))(?:[A-Z]{2}[0-9]{2}(?:${GAP}?[A-Z0-9]){11,30}|[A-Za-z]{2}[0-9]{2}(?:${GAP}?[0-9]){11,30})`,
      'gu',
    ),
    holds: ibanWithin,
  },
  // A number to call may have the check digit of a card by chance; one of an account has groups that begin with zeros.
  ...PHONE_NUMBERS.map((shape) => ({ kind: 'phone', shape })),
  ...CARD_NUMBERS,
  // What the Social Security Administration never gives out is none: 000, 666 and from 900 on; 00; 0000.
  {
    kind: 'us-ssn',
    shape: /(?<![0-9]|[0-9]-)(?!000|666|9)[0-9]{3}([-\u2010-\u2013])(?!00)[0-9]{2}\1(?!0000)[0-9]{4}(?![0-9]|-[0-9])/gu,
  },
  {
    kind: 'us-ssn',
    shape:
      /(?:\bssn|social[ _-]?security(?:[ _-]?(?:number|no\.?|nr\.?))?)[^A-Za-z0-9\r\n]{1,5}[0-9]{3}[ -]?[0-9]{2}[ -]?[0-9]{4}(?![0-9])/giu,
  },
];
