import type { CommentDraft, IssueDraft } from '#domain/integrations/issue.ts';
import type { Issue } from './schema.ts';

export const operationStart = '<!-- caselite-op:';
const longest = 65_000;

function markerComment(marker: string): string {
  return `<!-- caselite:${marker} -->`;
}

export function operationComment({ ref }: Pick<CommentDraft, 'ref'>): string {
  return `${operationStart}${ref} -->`;
}

export function carriesMarker(issue: Issue, marker: string): boolean {
  return issue.body?.includes(markerComment(marker)) ?? false;
}

const markerComments = /<!-- caselite:([^\s>]+) -->/g;

export function markersIn(body: string): string[] {
  return [...body.matchAll(markerComments)].flatMap(([, marker]) => marker ?? []);
}

/** Text of an issue, with its due date where no field shows it, and its marker last. */
export function bodyOf(draft: IssueDraft, facts: { hasDateField: boolean }): string {
  const needsDate = draft.dueDate !== null && !facts.hasDateField && !draft.body.includes(draft.dueDate);
  const parts = [shortened(draft.body), needsDate ? `Due: ${draft.dueDate}` : '', markerComment(draft.marker)];
  return parts.filter(Boolean).join('\n\n');
}

/** Text of an issue that GitHub refused: its link and the marker. */
export function plainBodyOf({ link, marker }: IssueDraft): string {
  return `${link.url}\n\n${markerComment(marker)}`;
}

/** A new body with its marker, or else the old body's. */
export function keepMarker(body: string, given: string | undefined, before: string): string {
  const marker = given ? markerComment(given) : before.match(markerComments)?.at(-1);
  return marker && !body.includes(marker) ? `${shortened(body)}\n\n${marker}` : shortened(body);
}

function shortened(text: string): string {
  return text.length > longest ? `${text.slice(0, longest)} …` : text;
}
