import { type DefaultTreeAdapterTypes, parse } from 'parse5';

type Node = DefaultTreeAdapterTypes.Node;

const childrenOf = (node: Node): Node[] => ('childNodes' in node ? node.childNodes : []);
const isText = (node: Node): node is DefaultTreeAdapterTypes.TextNode => node.nodeName === '#text';

/** A page as a browser reads it: its elements with their attributes and comments, and each run of text. */
export function readHtml(html: string): { shape: unknown[]; texts: string[]; attributes: [string, string][] } {
  const shape: unknown[] = [];
  const texts: string[] = [];
  const attributes: [string, string][] = [];
  const read = (node: Node, depth: number) => {
    if (isText(node)) {
      texts.push(node.value);
      return;
    }
    const own = 'attrs' in node ? node.attrs.map(({ name, value }): [string, string] => [name, value]) : [];
    attributes.push(...own);
    shape.push([depth, node.nodeName, ...own]);
    for (const child of childrenOf(node)) read(child, depth + 1);
  };
  read(parse(html), 0);
  return { shape, texts, attributes };
}
