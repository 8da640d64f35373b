/* Identifiers inside respondents' words, masked before a tracker gets them; the response's page shows them whole. */

type Groups = Record<string, string>;
type Rule = [pattern: RegExp, replace: (match: string, before: string, groups: Groups, after: string) => string];

const local = "(?<![\\p{L}\\p{N}._%+'-])[\\p{L}\\p{N}._%+'-]+";
const host = '[\\p{L}\\p{N}-]{1,63}';
const top = '\\p{L}[\\p{L}\\p{N}-]{1,62}';
const atSign = '\\s?(?:[@＠﹫]|&#0*64;|&#x0*40;|&commat;|%40|\\\\u0040)\\s?';
const bracketedAt = '\\s?[([{<]\\s?(?:at|ät|@|arroba|arobase|chiocciola)\\s?[)\\]}>]\\s?';
const bracketedDot = '\\s?[([{<]\\s?(?:dot|punkt|punto|point|ponto|\\.)\\s?[)\\]}>]\\s?';
const spelledDot = `(?:${bracketedDot}|\\s(?:dot|punkt|punto|point|ponto)\\s)`;
const anyDot = `(?:${spelledDot}|[.．。](?=\\S)|\\s[.．。]\\s)`;
/** `ana@acme.example`, `ana (at) acme dot example`, `ana at acme dot com`, `ana at gmail.com` */
const address = new RegExp(
  `${local}(?:${spelledDot}${host}){0,8}(?:(?:${atSign}|${bracketedAt})(?:${host}${anyDot}){1,8}${top}|\\s(?:at|ät|arroba|arobase|chiocciola)\\s(?:(?:${host}${anyDot}){0,8}${host}${spelledDot}(?:\\p{L}{2}|com|net|org|info|biz|edu|gov|dev|app|example)|(?:g(?:oogle)?mail|outlook|hotmail|yahoo|icloud|gmx|proton|protonmail)[.．]\\p{L}{2,3})(?!\\p{L}))`,
  'giu',
);

const fillers =
  '(?:\\s?\\b(?:no|nr|number|nummer|num|numéro|número|is|was|ist|lautet|est|es|me|us|on|at|under|unter|to|my)\\b\\.?){0,6}';
const after = (words: string, value: string) =>
  new RegExp(
    `(?<word>(?<!\\p{L})(?:${words})(?!\\p{L})(?:\\s(?:no|nr|number|nummer|num|is|was|ist|lautet|est|es)\\b\\.?){0,3}[\\s:=#.]{1,4})(?<value>${value})`,
    'giu',
  );
const secretWords =
  'password|passwort|passwd|passcode|passphrase|pwd|kennwort|contraseña|senha|wachtwoord|mot de passe|pin|puk|otp|cvv|cvc|secret|token|bearer|api[- _]?key|access[- _]?key|security code';
const accountWords =
  'iban|bic|account|acct|konto|kontonummer|compte|cuenta|routing|sort code|blz|ssn|social security|national insurance|tax id|steuernummer|passport|reisepass|ausweis|card|karte|carte|tarjeta|visa|mastercard|amex';
const isAfterPhoneWord = new RegExp(
  `(?<!\\p{L})(?:phone|telephone|tel|call|ring|dial|mobile|cell|whatsapp|sms|fax|telefon|handy|mobil|téléphone|portable|teléfono|móvil|telefono|cellulare|telefone|reach|my number|meine nummer)(?!\\p{L})${fillers}[\\s:.]{0,3}$`,
  'iu',
);
const isAfterThing =
  /(?:order|invoice|ticket|case|serial|version|build|article|item|part|sku|release|reference|ref|bestell|rechnung|auftrag|artikel|commit|sha|hash|checksum|digest)[\s\p{L}\d-]{0,12}[#:.\s]*$/iu;

const rules: Rule[] = [
  [/-----BEGIN [A-Z ]{1,40}-----[\s\S]*?(?:-----END [A-Z ]{1,40}-----|$)/g, () => '[token]'],
  [address, () => '[e-mail address]'],
  [
    /\b(?:gh[opsur]_|g[a-z]+_pat_|glpat-|sk-|[sprk]k_(?:live|test)_|xox[a-z]-|AKIA|ASIA|AIza|ya29\.|SG\.|lin_(?:api|oauth)_|ATATT|re_|whsec_|npm_|hf_|eyJ)[\w.~+/=-]{12,}/g,
    () => '[token]',
  ],
  [
    after(secretWords, '["“«‘\'`][^"”»’\'`\\n]{1,60}["”»’\'`]|[^\\s"“”‘«»`]+'),
    (match, _, { word = '', value = '' }, rest) => {
      const secret = value.replace(/(?<![.,;!?)])[.,;!?)]+$/, '');
      // A plain word is a password only in quotes or alone after a colon.
      const isSet = /(?:[:=]|\b(?:is|was|ist|lautet|est|es))\s*$/i.test(word);
      const isAlone = /[:=]\s*$/.test(word) && /^(?:\s*$|\s*\n|[.,;])/.test(value.slice(secret.length) + rest);
      const isQuoted = /^\p{P}.+\p{P}$/u.test(value);
      const isMixed = /[^\p{L}'’-]|\p{Ll}\p{Lu}/u.test(secret) && !isQuoted;
      const isSecret = secret.length > 2 && (isMixed || (isSet && isQuoted) || isAlone);
      return isSecret ? `${word}[password]${value.slice(secret.length)}` : match;
    },
  ],
  [/\b[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{1,4}){3,8}\b/gi, (match) => (isIban(match) ? '[account number]' : match)],
  [
    after(accountWords, '[\\w-]{0,40}\\p{Nd}[\\w-]{0,40}(?:[ -]\\p{Nd}\\w{0,20}){0,8}'),
    (match, _, { word = '', value = '' }) => (digitsOf(value).length > 4 ? `${word}[account number]` : match),
  ],
  [/(?<![\w-])\d{3}-\d{2}-\d{4}(?![\w-])/g, () => '[account number]'],
  [
    /(?:[(（](?=[+＋]?\p{Nd}{1,5}[)）])[+＋]?|[+＋](?:[(（](?=\p{Nd}{1,5}[)）]))?)?\p{Nd}(?:[\s().（）/\-\u2010-\u2015]{0,3}\p{Nd})*/gu,
    maskNumber,
  ],
  [/(?<![\w./+=-])[\w+=-]{20,}(?![\w./+=-]?\w)/g, (match) => (isRandom(match) ? '[token]' : match)],
  [/\b[0-9a-f]{32,}\b/gi, (match, before) => (isAfterThing.test(before) ? match : '[token]')],
];

const digitsOf = (text: string): string => text.normalize('NFKC').replace(/\P{Nd}/gu, '');

function maskNumber(match: string, before: string): string {
  const plain = match.normalize('NFKC').replace(/[\u2010-\u2015]/g, '-');
  const digits = digitsOf(plain);
  const isOfThing = isAfterThing.test(before);
  if (/^[\d -]+$/.test(plain) && isCard(digits) && (!isOfThing || /^\d{4}[ -]\d{4,6}[ -]\d{4,5}\b/.test(plain)))
    return '[card number]';
  if (isOfThing || digits.length > 15) return match;
  if (isAfterPhoneWord.test(before)) return digits.length > 5 ? '[phone number]' : match;
  const isPartOfWord = /[\p{L}\p{N}_.,:#$€£¥-]$/u.test(before);
  const isInternational = /^\(?(?:\+|00[1-9])/.test(plain) && digits.length > 7;
  const isNational = /^\(?0[1-9]/.test(plain) && /^\d{9,12}$/.test(digits) && !/^[\d.]+$/.test(plain);
  const isBare = /^0[1-9](?:\d{8,10}|(?:\.\d\d){4})$/.test(plain);
  const isAmerican = /^(?:1[-. ])?(?:\([2-9]\d\d\) ?|[2-9]\d\d[-. ])\d{3}[-. ]\d{4}$/.test(plain);
  const isDate = /^\d{1,2}([./-])\d{1,2}\1\d{2,4}[\s-]/.test(plain);
  const isPhone = isInternational || isNational || isBare || isAmerican;
  return isPhone && !isDate && (!isPartOfWord || plain.startsWith('+')) ? '[phone number]' : match;
}

/** Luhn's check digit, after the first digits of card issuers. */
function isCard(digits: string): boolean {
  if (!/^(?:2[2-7]|[3-6]\d)\d{11,17}$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (1 + (index % 2));
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

/** Check digits of international account numbers: modulo 97. */
function isIban(text: string): boolean {
  const plain = text.replace(/[\s-]/g, '');
  const digits = [...plain.slice(4), ...plain.slice(0, 4)].map((sign) => Number.parseInt(sign, 36)).join('');
  return plain.length > 14 && [...digits].reduce((rest, digit) => (rest * 10 + Number(digit)) % 97, 0) === 1;
}

/** Random texts change between small letters, capitals and digits much more often than names do. */
function isRandom(text: string): boolean {
  const kinds = [...text.slice(0, 100)].map((sign) => (/\d/.test(sign) ? 0 : /[A-Z]/.test(sign) ? 1 : 2));
  const changes = kinds.filter(
    (kind, index) => index > 0 && kind - (kinds[index - 1] ?? 0) !== 0 && !(kind === 2 && kinds[index - 1] === 1),
  );
  return new Set(kinds).size === 3 && changes.length / kinds.length > 0.33;
}

function maskLink(url: string): string {
  const end = url.match(/(?<![.,;:!?)\]])[.,;:!?)\]]+$/)?.[0] ?? '';
  const whole = url.slice(0, url.length - end.length);
  const bare = whole.replace(/[?#].*/su, '').replace(/\/\/[^/]*@/, '//');
  const shown = bare.replace(/(?<=[^/]\/)[^/]+/g, (part) => {
    const plain = decode(part);
    return maskWords(plain) === plain && part.length < 40 ? part : '…';
  });
  return `${shown}${bare === whole ? '' : '…'}${end}`;
}

function decode(text: string): string {
  try {
    const decoded = decodeURIComponent(text);
    return decoded === text ? text : decode(decoded);
  } catch {
    return text;
  }
}

const maskWords = (text: string): string =>
  rules.reduce(
    (masked, [pattern, replace]) =>
      masked.replace(pattern, (match: string, ...found: unknown[]) => {
        const groups = typeof found.at(-1) === 'object' ? (found.pop() as Groups) : {};
        const [offset, all] = found.slice(-2) as [number, string];
        const end = offset + match.length;
        return replace(match, all.slice(Math.max(0, offset - 60), offset), groups, all.slice(end, end + 20));
      }),
    text,
  );

/** A respondent's words without identifiers. */
export const maskIdentifiers = (text: string): string =>
  maskWords(text.replace(/\b(?:(?:https?|ftp):\/\/|www\.)[^\s<>"'“”«»]+/giu, maskLink));
