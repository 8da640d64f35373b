/** What can be chosen from, for whoever wrote something else: the nearest name, or all of them. */
export function chooseFrom(written: string, known: readonly string[]): string {
  const near = nearest(written, known);
  if (near !== null) return `did you mean ${near}?`;
  if (known.length === 0) return 'there is none yet';
  const shown = known.slice(0, 15);
  return `there ${known.length === 1 ? 'is' : 'are'} ${shown.join(', ')}${known.length > shown.length ? ', …' : ''}`;
}

/** The name that is a slip of the finger away: at most two letters, of a short word one. */
export function nearest(written: string, known: readonly string[]): string | null {
  const word = written.toLowerCase();
  const [best] = known
    .map((name) => ({ name, far: distance(word, name.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  return best && best.far <= (best.name.length < 5 ? 1 : 2) ? best.name : null;
}

/** How many letters have to be changed, left out, put in, or swapped with their neighbour. */
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
      const isSwap =
        row > 1 && first[row - 1] === second[column - 2] && first[row - 2] === second[column - 1];
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
