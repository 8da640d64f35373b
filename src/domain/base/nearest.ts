/** The remedy for an unknown name: the nearest known name, or the list of all. */
export function suggestKnownNames(written: string, known: readonly string[]): string {
  const near = nearest(written, known);
  if (near !== null) return `did you mean ${near}?`;
  if (known.length === 0) return 'there is none yet';
  const shown = known.slice(0, 15);
  return `there ${known.length === 1 ? 'is' : 'are'} ${shown.join(', ')}${known.length > shown.length ? ', …' : ''}`;
}

/** Longest name that is compared, because the time grows by the square. */
const longestName = 100;

export type Report = (path: PropertyKey[], message: string) => void;

/** Reports a name that is not among the known ones. The problem continues a sentence that starts with the field. */
export function checkKnown(
  report: Report,
  path: PropertyKey[],
  name: string | undefined,
  known: readonly string[],
  problem: string,
): void {
  if (name !== undefined && !known.includes(name))
    report(path, `${problem}: ${name}; ${suggestKnownNames(name, known)}`);
}

/** The known name within two typing mistakes, or within one for a short word. */
export function nearest(written: string, known: readonly string[]): string | null {
  const word = written.toLowerCase();
  const [best] = known
    .filter((name) => Math.abs(name.length - word.length) <= 2 && name.length <= longestName)
    .map((name) => ({ name, far: distance(word, name.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  return best && best.far <= (best.name.length < 5 ? 1 : 2) ? best.name : null;
}

/** Typing mistakes between two words: letters added, left out, replaced, or swapped with their neighbour. */
function distance(value: string, other: string): number {
  const [first, second] = [[...value], [...other]];
  const rows = [second.map((_, column) => column).concat(second.length)];
  const at = (row: number, column: number) => rows[row]?.[column] ?? Number.POSITIVE_INFINITY;
  for (const [row, letter] of first.entries()) {
    const next = [row + 1];
    rows.push(next);
    for (const [column, wanted] of second.entries()) {
      const isSwap = letter === second[column - 1] && first[row - 1] === wanted;
      const replaced = at(row, column) + (letter === wanted ? 0 : 1);
      const swapped = isSwap ? at(row - 1, column - 1) + 1 : replaced;
      next.push(Math.min(replaced, swapped, at(row, column + 1) + 1, at(row + 1, column) + 1));
    }
  }
  return at(first.length, second.length);
}
