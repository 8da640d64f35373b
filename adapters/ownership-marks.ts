/** Addresses that a text links to, without fragments. The text is Markdown or a document as JSON. */
export function linksIn(text: string): string[] {
  const found = text.match(/https?:\/\/[^\s<>()[\]"'\\^`{|}#]+/g) ?? [];
  return [...new Set(found)];
}
