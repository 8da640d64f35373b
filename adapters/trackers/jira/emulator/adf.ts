import { type AdfNode, Refusal } from './state.ts';

const blocks = [
  'paragraph',
  'heading',
  'bulletList',
  'orderedList',
  'taskList',
  'codeBlock',
  'blockquote',
  'panel',
  'rule',
  'table',
  'expand',
];
const inner = ['listItem', 'taskItem', 'tableRow', 'tableHeader', 'tableCell', 'text', 'hardBreak', 'mention'];
const inline = ['text', 'hardBreak', 'mention'];
const ofQuotes = ['paragraph', 'bulletList', 'orderedList', 'codeBlock'];
const narrow: Record<string, string[]> = {
  blockquote: ofQuotes,
  listItem: ofQuotes,
  taskList: ['taskItem', 'taskList'],
};

/** The value as a document, or a 400 that names the field. */
export function document(value: unknown, field: string): AdfNode {
  const node = value as AdfNode | null;
  const sound =
    typeof node === 'object' &&
    node?.type === 'doc' &&
    node.version === 1 &&
    Array.isArray(node.content) &&
    node.content.every((child) => blocks.includes(child.type) && isSound(child));
  if (!sound) throw new Refusal(400, '', { [field]: 'The value must be an Atlassian Document Format document.' });
  if (plain(node).length > 32_767) throw new Refusal(400, '', { [field]: 'The text is longer than 32767 characters.' });
  return node;
}

function isSound(node: AdfNode): boolean {
  if (![...blocks, ...inner].includes(node.type)) return false;
  if (node.type === 'text') return typeof node.text === 'string' && node.text.length > 0;
  if (node.type === 'mention') return typeof node.attrs?.id === 'string';
  if (node.content?.some(({ type }) => narrow[node.type]?.includes(type) === false)) return false;
  const needsInline = node.type === 'paragraph' || node.type === 'heading' || node.type === 'codeBlock';
  return (node.content ?? []).every(
    (child) => inline.includes(child.type) === (needsInline || node.type === 'taskItem') && isSound(child),
  );
}

/** The text as shown to a person: links as `text (address)`, each block on its own line. */
export function plain(node: AdfNode | null): string {
  return node ? read(node).trimEnd() : '';
}

function read(node: AdfNode): string {
  if (node.type === 'hardBreak') return '\n';
  if (node.type === 'mention') return `@${node.attrs?.id}`;
  if (node.type === 'text') {
    const href = node.marks?.find(({ type }) => type === 'link')?.attrs?.href;
    return href && href !== node.text ? `${node.text} (${href})` : (node.text ?? '');
  }
  const text = (node.content ?? []).map(read).join('');
  if (node.type === 'listItem') return `- ${text}`;
  return ['paragraph', 'heading', 'codeBlock', 'taskItem', 'rule'].includes(node.type) ? `${text}\n` : text;
}

/** A typed text as a document. */
export function typed(text: string): AdfNode {
  return {
    type: 'doc',
    version: 1,
    content: text
      .split('\n')
      .map((line) => ({ type: 'paragraph', content: line ? [{ type: 'text', text: line }] : [] })),
  };
}
