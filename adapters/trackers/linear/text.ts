import type { IssueDraft } from '#domain/integrations/issue.ts';

/**
 * The description with the marker in the fragment of the case link. It is part of the create, so that a lost answer can
 * be looked up; Linear drops HTML comments and keeps links.
 */
export function describe(draft: Pick<IssueDraft, 'body' | 'link' | 'marker'>): string {
  const plain = `](${draft.link.url})`;
  const marked = `](${draft.link.url}#${draft.marker})`;
  if (draft.body.includes(plain)) return draft.body.replace(plain, () => marked);
  return `${draft.body}\n\n[${draft.link.title.replace(/[[\]\\]/g, '\\$&')}${marked}`;
}

/** Markers are in the fragments of links. */
export function findMarkers(text: string): string[] {
  return [...text.matchAll(/#([^\s#)]+)\)/g)].flatMap(([, marker]) => marker ?? []);
}
