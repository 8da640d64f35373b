import * as kit from '../../kit.ts';
import type { Issue } from './schema.ts';

export const operationHtmlCommentStart = '<!-- caselite-op:';
const longest = 65_000;

const toMarkerHtmlComment = (marker: string): string => `<!-- caselite:${marker} -->`;

export const toOperationHtmlComment = ({ ref }: Pick<kit.CommentDraft, 'ref'>): string =>
  `${operationHtmlCommentStart}${ref} -->`;

export const hasMarker = (issue: Issue, marker: string): boolean =>
  issue.body?.includes(toMarkerHtmlComment(marker)) ?? false;

const markerHtmlCommentPattern = /<!-- caselite:([^\s>]+) -->/g;

export const findMarkers = (body: string): string[] =>
  [...body.matchAll(markerHtmlCommentPattern)].flatMap(([, marker]) => marker ?? []);

/** Text of an issue, with its marker last. */
export const bodyOf = ({ body, marker }: kit.IssueDraft): string =>
  `${kit.cut(body, longest)}\n\n${toMarkerHtmlComment(marker)}`;

/** A person's text with our marker below it. */
export const addMarker = (body: string, marker: string): string =>
  `${body}\n\n${toMarkerHtmlComment(marker)}`.trimStart();

/** A new body with its marker, or else the old body's. */
export function appendMarker(body: string, given: string | undefined, before: string): string {
  const marker = given ? toMarkerHtmlComment(given) : before.match(markerHtmlCommentPattern)?.at(-1);
  return marker && !body.includes(marker) ? `${kit.cut(body, longest)}\n\n${marker}` : kit.cut(body, longest);
}

/** GitHub's times have whole seconds. */
export const floorToSecond = (ms: number): number => Math.floor(ms / kit.secondMs) * kit.secondMs;

export const toIsoSeconds = (ms: number): string => kit.toIsoText(floorToSecond(ms)).replace('.000Z', 'Z');
