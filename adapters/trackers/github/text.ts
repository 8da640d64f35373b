import * as kit from '../../kit.ts';
import type { Issue } from './schema.ts';

export const operationHtmlCommentStart = '<!-- caselite-op:';
const longest = 65_000;

const toMarkerHtmlComment = (marker: string): string => `<!-- caselite:${marker} -->`;

export const toOperationHtmlComment = ({ ref }: Pick<kit.CommentDraft, 'ref'>): string =>
  `${operationHtmlCommentStart}${ref} -->`;

export const hasMarker = (issue: Issue, marker: string): boolean =>
  issue.body?.includes(toMarkerHtmlComment(marker)) ?? false;

export const findMarkers = (body: string): string[] =>
  [...body.matchAll(/<!-- caselite:([^\s>]+) -->/g)].flatMap(([, marker]) => marker ?? []);

/** A text with our marker below it. */
const addMarker = (text: string, marker: string): string => `${text}\n\n${toMarkerHtmlComment(marker)}`.trimStart();

export const bodyOf = ({ body, marker }: kit.IssueDraft): string => addMarker(kit.cut(body, longest), marker);

/** The new text with its marker, or else the old one's; a text that stays gets the marker only. */
export function editBody({ body, marker }: kit.IssueEdit, before: string): { body?: string } {
  const known = findMarkers(before);
  if (body === undefined) return marker && !known.includes(marker) ? { body: addMarker(before, marker) } : {};
  const text = kit.cut(body, longest);
  const own = marker ?? known.at(-1);
  return { body: own && !findMarkers(body).includes(own) ? addMarker(text, own) : text };
}

/** GitHub's times have whole seconds. */
export const floorToSecond = (ms: number): number => Math.floor(ms / kit.secondMs) * kit.secondMs;

export const toIsoSeconds = (ms: number): string => kit.toIsoText(floorToSecond(ms)).replace('.000Z', 'Z');
