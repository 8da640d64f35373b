import { markdownToAdf } from 'marklassian';
import * as kit from '../../kit.ts';

type AdfNode = {
  type: string;
  attrs?: Record<string, unknown>;
  content?: AdfNode[];
  marks?: { type: string; attrs?: Record<string, unknown> }[];
  text?: string;
};

export type AdfDocument = { type: 'doc'; version: 1; content: AdfNode[] };

const isSafeAdfMark = ({ type, attrs }: { type: string; attrs?: Record<string, unknown> }): boolean =>
  type !== 'link' || /^(https?:\/\/|mailto:)/i.test(String(attrs?.href ?? ''));

const lines = new Set(['paragraph', 'heading', 'codeBlock', 'taskItem', 'decisionItem', 'caption']);
const plainBlocks = ['paragraph', 'bulletList', 'orderedList', 'codeBlock'];

/** The block as quotes and list items may hold it; Jira refuses a whole text for a heading or a quote in one. */
function toPlainBlocks(node: AdfNode): AdfNode[] {
  if (plainBlocks.includes(node.type)) return [node];
  const { content = [] } = node;
  return lines.has(node.type) ? [{ type: 'paragraph', content }] : content.flatMap(toPlainBlocks);
}

/** Drops nodes that Jira would refuse or load from elsewhere: empty leaves, pictures, links of other schemes. */
function tidy(node: AdfNode, inCode: boolean, nextId: () => string): AdfNode[] {
  if (node.type === 'mediaSingle') return [];
  if (node.type === 'text') {
    const { text: given = '' } = node;
    // Marked leaves entities to its HTML renderer; a text node would show them literally.
    const text = inCode || node.marks?.some(({ type }) => type === 'code') ? given : kit.decodeEntities(given);
    const marks = node.marks?.filter(isSafeAdfMark);
    return text ? [{ type: 'text', text, ...(marks?.length ? { marks } : {}) }] : [];
  }
  const isPlain = ['listItem', 'blockquote'].includes(node.type);
  const all = node.content?.flatMap((child) => tidy(child, inCode || node.type === 'codeBlock', nextId));
  // Tasks below a task stand beside it.
  const below = node.type === 'taskItem' ? (all ?? []).filter(({ type }) => type === 'taskList') : [];
  const content = isPlain ? all?.flatMap(toPlainBlocks) : all?.filter((child) => !below.includes(child));
  const isBare = node.type === 'listItem' ? content?.[0]?.type !== 'paragraph' : !content?.length;
  const needsParagraph = isBare && (isPlain || /^table(Header|Cell)$/.test(node.type));
  return [
    {
      ...node,
      // The library draws these ids at random; the same draft must give the same bytes.
      ...(node.attrs && 'localId' in node.attrs ? { attrs: { ...node.attrs, localId: nextId() } } : {}),
      ...(content ? { content: needsParagraph ? [{ type: 'paragraph', content: [] }, ...content] : content } : {}),
    },
    ...below,
  ];
}

/** Caselite's own Markdown as a document. */
export function convertMarkdownToAdf(markdown: string): AdfDocument {
  let count = 0;
  const convert = (part: string): AdfNode[] =>
    // `<adf>` would put raw nodes into the document.
    markdownToAdf(part.replace(/<(?=\/?adf\b)/gi, '&lt;')).content.flatMap((node) =>
      tidy(node, false, () => `item-${++count}`),
    );
  const content = markdown.split(kit.foldedText).flatMap((part, index, parts): AdfNode[] => {
    if (index % 3 === 1) return [];
    if (index % 3 === 0) return part.trim() ? convert(part) : [];
    return [{ type: 'expand', attrs: { title: parts[index - 1] }, content: convert(part) }];
  });
  return { type: 'doc', version: 1, content };
}

/** The document with a first line that mentions these accounts. */
export function addMentions(document: AdfDocument, accounts: string[]): AdfDocument {
  if (!accounts.length) return document;
  const mentions = accounts.flatMap((id): AdfNode[] => [
    { type: 'mention', attrs: { id } },
    { type: 'text', text: ' ' },
  ]);
  return { ...document, content: [{ type: 'paragraph', content: mentions }, ...document.content] };
}

function textOf(node: AdfNode): string {
  if (node.type === 'text') return node.text ?? '';
  if (node.type === 'hardBreak') return '\n';
  if (node.type === 'mention') return String(node.attrs?.text ?? `@${node.attrs?.id ?? ''}`);
  if (node.type === 'emoji') return String(node.attrs?.text ?? node.attrs?.shortName ?? '');
  if (node.type === 'inlineCard' || node.type === 'blockCard') return String(node.attrs?.url ?? '');
  const inner = (node.content ?? []).map(textOf).join('');
  return lines.has(node.type) ? `${inner}\n` : inner;
}

/** A document as plain text, one line per paragraph; empty for anything else. */
export function toPlainText(document: unknown): string {
  if (typeof document === 'string') return document;
  if (typeof document !== 'object' || document === null || !('content' in document)) return '';
  return textOf(document as AdfNode).replace(/(?<!\n)\n+$/, '');
}

/** Jira accepts 32,767 characters, and counts those of the converted text. */
const longest = 30_000;

/** Converts Markdown for Jira. Texts beyond Jira's limit are cut. */
export function toAdfDocument(markdown: string): AdfDocument {
  try {
    return convertMarkdownToAdf(kit.cut(markdown, longest));
  } catch {
    throw kit.refusal('jira document', 'the text cannot be converted');
  }
}
