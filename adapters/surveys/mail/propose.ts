import { guessRespondentFields } from '#domain/responses/guess-respondent.ts';
import * as kit from '../../kit.ts';
import { guessResponseMapping, slug } from '../../guess-mapping.ts';
import { address, readAlertLines } from './alert-lines.ts';
import { Message, readMessage } from './message.ts';

/* Reading by example: what differs between two alerts under the same label is a value, and the rest is their frame. */

const mostLines = 400;
const label = /^.{1,100}?[:：](?=\s|$)/;

/**
 * Proposes how alerts of one survey are read, from one or two of them.
 * @throws AppError with the line by which they cannot be read alike
 */
export async function proposeEntry(files: Uint8Array[]): Promise<{ entry: Record<string, unknown>; sample: Message }> {
  const read = async (file: Uint8Array) => Message.safeParse(kit.readJson(await readMessage(file, () => true))).data;
  const [first, second = first] = await Promise.all(files.map(read));
  if (!first || !second)
    throw new kit.InvalidInputError('The file holds no e-mail: save an alert with all of its headers as FILE.eml.');
  // The subject repeats what the body says, and a forwarded mail has two.
  const [left = [], another = []] = [first, second].map(({ bodies: [lines = []] }) => lines.slice(1, mostLines));
  const right = first === second ? left : another;
  // Of a row of a CSV file the titles say more than the names of fields.
  const isRow = Object.values(first.attached ?? {}).every((value) => typeof value !== 'object');
  const mapping = isRow ? null : guessResponseMapping({ attached: first.attached });
  const picture = first.attached === null ? drawPicture(left, right) : null;
  const [own, other] = [left, right].map((lines) => picture && readAlertLines(lines, picture.lines, picture.optional));
  const fields = picture
    ? [...picture.titles].map(([name, title]): Field => {
        const [value = '', compared = ''] = [own, other].map((values) => values?.get(name)?.lines.join('\n'));
        const isLink = Boolean(own?.get(name)?.link);
        return { name, title, value, other: compared, hasChanged: files.length === 1 || value !== compared, isLink };
      })
    : Object.entries(first.attached ?? {}).map(([title, given]): Field => {
        const value = String(given);
        return { name: `attached.${title}`, title, value, other: value, hasChanged: true, isLink: false };
      });
  const verdict = first.headers.find(([name]) => name === 'authentication-results')?.[1];
  const relay = verdict?.split(/[\s;]/)[0] ?? 'mx.example';
  const optional = picture?.optional.length ? { optional: picture.optional } : {};
  const drawn = picture && { lines: picture.lines, ...optional };
  const entry = { kind: 'mail', senders: [first.facts.from], relay, ...drawn, response: mapping ?? mapValues(fields) };
  const proof = `${relay}; dmarc=pass header.from=${first.facts.from.split('@').at(-1)}`;
  return { entry, sample: { ...first, headers: [['authentication-results', proof]] } };
}

function align(left: string[], right: string[]): [number, number][] {
  const lengths = Array.from({ length: left.length + 1 }, () => new Array<number>(right.length + 1).fill(0));
  const at = (row: number, column: number) => lengths[row]?.[column] ?? 0;
  for (let row = left.length - 1; row >= 0; row -= 1)
    for (let column = right.length - 1; column >= 0; column -= 1)
      (lengths[row] ?? [])[column] =
        left[row] === right[column] ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
  const pairs: [number, number][] = [];
  for (let [row, column] = [0, 0]; row < left.length && column < right.length; ) {
    if (left[row] === right[column]) pairs.push([row++, column++]);
    else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return pairs;
}

function keyOf(line: string): string {
  const [url = ''] = address.exec(line) ?? [];
  if (URL.canParse(url)) return `${line.slice(0, line.indexOf(url))}${new URL(url).host}`;
  return label.exec(line)?.[0] ?? line;
}

function drawPicture(left: string[], right: string[]) {
  const [lines, optional, titles]: [string[], string[], Map<string, string>] = [[], [], new Map()];
  const name = (title: string) => {
    const base = (slug(title) || 'value').replace(/^(?![a-z])|^(mail|links|attached)$/, 'q-$&');
    let free = base;
    for (let number = 2; titles.has(free); number += 1) free = `${base}-${number}`;
    titles.set(free, title.slice(0, 200).replace(/[\s:：<]+$/, ''));
    return `{${free}}`;
  };
  const isUnique = (line: string) => [left, right].every((body) => body.filter((text) => text === line).length === 1);
  const pairs = align(left.map(keyOf), right.map(keyOf));
  let isOpen = false;
  pairs.forEach(([row, column], index) => {
    const [own = '', other = ''] = [left[row], right[column]];
    const [nextRow, nextColumn] = pairs[index + 1] ?? [row + 1, column + 1];
    const below = [left.slice(row + 1, nextRow), right.slice(column + 1, nextColumn)];
    const hasBelow = below.some((part) => part.length > 0);
    const [labelled = ''] = address.test(own) ? [] : (label.exec(own) ?? []);
    if (labelled !== '' && (hasBelow || own !== labelled)) {
      const end = drawEnd(own.slice(labelled.length), other.slice(labelled.length));
      lines.push(`${labelled} ${name(labelled)}${end}`);
      isOpen = end === '';
      // A label that only the other alert has begins a value that may be missing.
      const [only = [], ...both] = below.filter((part) => part.length > 0);
      const [missing] = label.exec(only[0] ?? '') ?? [];
      if (!isOpen || both.length > 0 || !missing || own === labelled) return;
      lines.push(`${missing} ${name(missing)}`);
      optional.push([...titles.keys()].at(-1) ?? '');
    } else if (address.test(own) && (own !== other || left === right)) {
      lines.push(drawAddress(own, other, name));
      isOpen = lines.at(-1)?.endsWith('}') ?? false;
    } else if (hasBelow || (isOpen && isUnique(own))) {
      lines.push(own, ...(hasBelow ? [name(own)] : []));
      isOpen = hasBelow;
    }
  });
  return { lines, optional, titles };
}

/** `{id}` in an address that differs in one part, else `{name}` for all of it. */
function drawAddress(own: string, other: string, name: (title: string) => string): string {
  const [url = '', otherUrl = ''] = [own, other].map((line) => address.exec(line)?.[0] ?? '');
  const [parts = [], others = []] = [url, otherUrl].map((text) => text.split(/(?<=[/?&=#])|(?=[/?&#])/));
  const value = name(own.slice(0, own.indexOf(url)) || 'link');
  const [only, ...more] = parts.flatMap((part, index) => (part === others[index] ? [] : [index]));
  const isOnePart = only !== undefined && more.length === 0 && parts.length === others.length;
  return own.replace(url, () => (isOnePart ? parts.with(only, value).join('') : value));
}

function drawEnd(own: string, other: string): string {
  const [end = '', otherEnd] = [own, other].map((text) => /^ \d{1,2}( ?\D.*)$/.exec(text)?.[1]);
  return end === otherEnd && !/\d{4}|:\d\d/.test(end) ? end : '';
}

type Field = { name: string; title: string; value: string; other: string; hasChanged: boolean; isLink: boolean };

const idTitle = /(^|[^a-z])(id|nr|no|number|uuid|reference|token)\.?$|[a-z]ID$/i;
const formTitle = /(^|\W)(survey|form|umfrage|questionnaire|encuesta|formular)( name| title)?$/i;

function mapValues(fields: Field[]): object {
  const changed = fields.filter(({ hasChanged }) => hasChanged);
  const every = ({ value, other }: Field, test: (text: string) => boolean) => test(value) && test(other);
  const link = changed.find(({ name, isLink }) => isLink && !/unsub|abmeld|preference/.test(name))?.name;
  const id = changed.find(({ title, value }) => idTitle.test(title) && /^\S{1,200}$/.test(value))?.name ?? link;
  const form = fields.find(({ title }) => formTitle.test(title))?.name;
  const isTime = (text: string) => !/^\d{1,3}$/.test(text) && kit.instant(text) !== null;
  const at = changed.find((field) => every(field, isTime))?.name;
  const hidden = new Map(fields.map(({ name, value }) => [name, value]));
  const customer = Object.values(guessRespondentFields({ hidden, answers: [] }));
  const answers = changed
    .filter(({ name }) => ![link, id, form, at].includes(name) && !customer.includes(`hidden.${name}`))
    .map((field) => {
      const isAddress = every(field, kit.isMailAddress);
      const isScore = every(field, (text) => text.length <= 5 && kit.toExactNumber(text) !== null);
      return { at: field.name, title: field.title, ...(isAddress ? { type: 'email' } : isScore && { type: 'number' }) };
    });
  return {
    id: id ?? 'mail.id',
    ...(form && { form }),
    'submitted-at': at ?? 'mail.date',
    ...(link && { link: `links.${link}` }),
    answers,
  };
}
