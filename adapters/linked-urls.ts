/** Addresses that a text links to, without fragments. The text is Markdown or a document as JSON. */
export function findLinkedUrls(text: string): string[] {
  const result = text.match(/https?:\/\/[^\s<>()[\]"'\\^`{|}#]+/g) ?? [];
  return [...new Set(result)];
}
