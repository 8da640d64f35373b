import { RE2JS } from 're2js';

const maxCachedPatterns = 500;
const compiled = new Map<string, RE2JS>();

/** Steps of the largest pattern: 500 characters of plain words fit. */
const mostSteps = 500;
/** Steps times characters, of about 50 ns each: a pattern takes 50 ms at most. */
const mostWork = 1_000_000;

/** Ignores case. A large pattern reads the beginning of a long text only, at least 2,000 characters of it. */
export function matchesPattern(pattern: string, text: string): boolean {
  const program = compile(pattern);
  const read = text.slice(0, Math.floor(mostWork / program.programSize()));
  return program.matcher(read).find();
}

/** Why a pattern is refused, with the remedy; null when it is accepted. */
export function findPatternProblem(pattern: string): string | null {
  try {
    const steps = compile(pattern).programSize();
    return steps > mostSteps
      ? `is too large (${steps} steps of at most ${mostSteps}): repeat less, such as {1,20} in place of {1,1000}, or list fewer words`
      : null;
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\s+/g, ' ').slice(0, 120) : 'cannot be read';
    return `is not a pattern that RE2 accepts (${why}); look-arounds and back references are not supported, because they can run without end`;
  }
}

function compile(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known) return known;
  const made = RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
  if (compiled.size >= maxCachedPatterns) compiled.clear();
  compiled.set(pattern, made);
  return made;
}
