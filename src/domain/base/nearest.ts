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

function distance(value: string, other: string): number {
  const first = [...value];
  const second = [...other];
  const rows: number[][] = [];
  const at = (row: number, column: number): number =>
    row === 0 ? column : column === 0 ? row : (rows[row]?.[column] ?? 0);
  for (let row = 1; row <= first.length; row += 1) {
    rows[row] = [];
    for (let column = 1; column <= second.length; column += 1) {
      const isSame = first[row - 1] === second[column - 1];
      const isSwap = row > 1 && first[row - 1] === second[column - 2] && first[row - 2] === second[column - 1];
      (rows[row] as number[])[column] = Math.min(
        at(row - 1, column - 1) + (isSame ? 0 : 1),
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        ...(isSwap && column > 1 ? [at(row - 2, column - 2) + 1] : []),
      );
    }
  }
  return at(first.length, second.length);
}
