import type { IssueDraft } from '#domain/integrations/issue.ts';

/**
 * The description with the marker in the fragment of the case link: it comes with the create itself, so an
 * issue whose answer got lost can be recognised, and Linear drops HTML comments but keeps links.
 */
export function describe(draft: Pick<IssueDraft, 'body' | 'link' | 'marker'>): string {
  const plain = `](${draft.link.url})`;
  const marked = `](${draft.link.url}#${draft.marker})`;
  if (draft.body.includes(plain)) return draft.body.replace(plain, () => marked);
  return `${draft.body}\n\n[${draft.link.title.replace(/[[\]\\]/g, '\\$&')}${marked}`;
}

/** Markers stand in the fragments of links. */
export function markersIn(text: string): string[] {
  return [...text.matchAll(/#([^\s#)]+)\)/g)].flatMap(([, marker]) => marker ?? []);
}
