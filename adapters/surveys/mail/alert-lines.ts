import { InvalidInputError } from '#domain/base/errors.ts';

export const address = /https?:\/\/[^\s<>]+/;

type Entry = { line: string; texts: string[]; names: string[]; below: string | null };

export type AlertValues = Map<string, { lines: string[]; link: string | null }>;

/** Entries of a picture; null where a value has no words beside or above it. */
export function readPicture(lines: string[]): Entry[] | null {
  const entries: Entry[] = [];
  for (const line of lines) {
    const split = line.normalize('NFC').split(/\{([a-z][a-z0-9-]*)\}/);
    const texts = split.filter((_, index) => index % 2 === 0);
    const names = split.filter((_, index) => index % 2 === 1);
    if (texts.slice(1, -1).some((text) => text.trim() === '')) return null;
    const last = entries.at(-1);
    if (texts.some((text) => text.trim() !== '')) entries.push({ line, texts, names, below: null });
    else if (last?.below === null) last.below = names[0] ?? null;
    else return null;
  }
  return entries;
}

/**
 * Values of an alert by name, as lines. A line that stands nowhere, elsewhere or twice refuses it, because a customer may
 * have written any of them.
 * @throws InvalidInputError with the line
 */
export function readAlertLines(lines: string[], picture: string[], optional: string[]): AlertValues {
  const entries = (readPicture(picture) ?? []).filter((entry) => {
    const names = [...entry.names, entry.below ?? []].flat();
    const isOptional = names.length > 0 && names.every((name) => optional.includes(name));
    return !isOptional || lines.some((line) => matchLine(line, entry) !== null);
  });
  const places = placeEntries(lines, entries);
  return new Map(
    entries.flatMap((entry, index) => {
      const [at = 0, end] = places.slice(index);
      return [...takeValues(entry, lines[at] ?? '', lines.slice(at + 1, end))];
    }),
  );
}

/** The only way to place lines in order: the earliest places are the latest ones as well. */
function placeEntries(lines: string[], entries: Entry[]): number[] {
  const matches = entries.map((entry) => lines.map((line) => matchLine(line, entry) !== null));
  const places: number[] = [];
  for (const [index, entry] of entries.entries()) {
    const at = matches[index]?.indexOf(true, (places.at(-1) ?? -1) + 1) ?? -1;
    if (at < 0) throw unlike(entry, matches[index]?.includes(true) ? 'has moved' : 'is missing');
    places.push(at);
  }
  let until = lines.length;
  for (const [index, entry] of [...entries.entries()].toReversed()) {
    until = until > 0 ? (matches[index]?.lastIndexOf(true, until - 1) ?? -1) : -1;
    if (until !== places[index]) throw unlike(entry, 'stands in it more than once');
  }
  return places;
}

/** The value below a line takes what stands there; without one, the value at the end of the line goes on. */
function takeValues(entry: Entry, line: string, rest: string[]): AlertValues {
  const { names, below, texts } = entry;
  const own = matchLine(line, entry) ?? [];
  const open = below ?? (texts.at(-1) === '' ? names.at(-1) : null);
  const all = [...names, below ?? []].flat();
  return new Map(
    all.map((name, index) => {
      const lines = [own[index] ?? '', ...(name === open ? rest : [])].filter((text) => text !== '');
      const [link = null] = address.exec([name === below ? '' : line, ...lines].join(' ')) ?? [];
      return [name, { lines, link }];
    }),
  );
}

/** Values of a line that is like an entry; null for another line. A text between two values must stand there once. */
function matchLine(line: string, { texts, names }: Entry): string[] | null {
  const [first = '', ...others] = texts;
  const last = others.pop() ?? '';
  if (names.length < 2 && line === [first.trim(), last.trim()].filter(Boolean).join(' ')) return names.map(() => '');
  if (names.length === 0 || !line.startsWith(first) || !line.endsWith(last)) return null;
  if (line.length <= first.length + last.length) return null;
  let rest = line.slice(first.length, line.length - last.length);
  const values: string[] = [];
  for (const text of others) {
    const [value = '', after, more] = rest.split(text, 3);
    if (after === undefined || more !== undefined) return null;
    values.push(value.trim());
    rest = after;
  }
  return [...values, rest.trim()];
}

const unlike = ({ line }: Entry, problem: string): InvalidInputError =>
  new InvalidInputError(
    `The alert differs from lines of the source: "${line}" ${problem}. Correct lines, or have them proposed from two alerts with npm run map.`,
    [{ field: 'lines', message: `"${line}" ${problem}` }],
  );
