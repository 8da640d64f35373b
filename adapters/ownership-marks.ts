/** Addresses that a text leads to, without their fragments; the text may be Markdown or a document as JSON. */
export function linksIn(text: string): string[] {
  const found = text.match(/https?:\/\/[^\s<>()[\]"'\\^`{|}#]+/g) ?? [];
  return [...new Set(found)];
}
