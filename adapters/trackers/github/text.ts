import type { CommentDraft, IssueDraft } from '#domain/integrations/issue.ts';
import { cut } from '#domain/text/safe-text.ts';
import { secondMs, toIsoText } from '#domain/time/units.ts';
import type { Issue } from './schema.ts';

export const operationHtmlCommentStart = '<!-- caselite-op:';
const longest = 65_000;

function toMarkerHtmlComment(marker: string): string {
  return `<!-- caselite:${marker} -->`;
}

export function toOperationHtmlComment({ ref }: Pick<CommentDraft, 'ref'>): string {
  return `${operationHtmlCommentStart}${ref} -->`;
}

export function hasMarker(issue: Issue, marker: string): boolean {
  return issue.body?.includes(toMarkerHtmlComment(marker)) ?? false;
}

const markerHtmlCommentPattern = /<!-- caselite:([^\s>]+) -->/g;

export function findMarkers(body: string): string[] {
  return [...body.matchAll(markerHtmlCommentPattern)].flatMap(([, marker]) => marker ?? []);
}

/** Text of an issue, with its marker last. */
export const bodyOf = ({ body, marker }: IssueDraft): string =>
  `${cut(body, longest)}\n\n${toMarkerHtmlComment(marker)}`;

/** Text of an issue that GitHub refused: its link and the marker. */
export function createMinimalBody({ link, marker }: IssueDraft): string {
  return `${link.url}\n\n${toMarkerHtmlComment(marker)}`;
}

/** A new body with its marker, or else the old body's. */
export function appendMarker(body: string, given: string | undefined, before: string): string {
  const marker = given ? toMarkerHtmlComment(given) : before.match(markerHtmlCommentPattern)?.at(-1);
  return marker && !body.includes(marker) ? `${cut(body, longest)}\n\n${marker}` : cut(body, longest);
}

/** GitHub's times have whole seconds. */
export function floorToSecond(ms: number): number {
  return Math.floor(ms / secondMs) * secondMs;
}

export function toIsoSeconds(ms: number): string {
  return toIsoText(floorToSecond(ms)).replace('.000Z', 'Z');
}
