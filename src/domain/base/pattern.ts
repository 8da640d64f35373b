import { RE2JS } from 're2js';

const maxCachedPatterns = 500;
const compiled = new Map<string, RE2JS>();

/** Runs in time linear in the text's length, whatever the pattern. Ignores case. */
export const matchesPattern = (pattern: string, text: string): boolean => compile(pattern).matcher(text).find();

/** Why a pattern is refused, with the remedy; null when it is accepted. */
export function findPatternProblem(pattern: string): string | null {
  try {
    compile(pattern);
    return null;
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
