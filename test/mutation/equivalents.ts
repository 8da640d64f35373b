/* Mutants that behave like the original: the expression, what Stryker puts in its place, and why nobody can tell. */

export const equivalents: Record<string, [from: string, to: string, reason: string][]> = {};
