import * as yaml from 'yaml';
import { InvalidInputError } from '../kit.ts';

/**
 * A file whose settings a page changes. Where one setting stands for another by an anchor, each gets its own value,
 * so that a change of one changes no other; comments are lost then.
 * @throws InvalidInputError for a text that is no YAML
 */
export function parseToChange(text: string): yaml.Document {
  const document = yaml.parseDocument(text, { logLevel: 'error', merge: true });
  const [error] = document.errors;
  if (error) throw new InvalidInputError(`The text is no YAML: ${error.message}`);
  let isShared = false;
  yaml.visit(document, {
    Alias() {
      isShared = true;
      return yaml.visit.BREAK;
    },
  });
  return isShared
    ? new yaml.Document(document.toJS({ maxAliasCount: 100 }), { aliasDuplicateObjects: false })
    : document;
}

/** Sets one setting; null leaves it out. Comments beside it and the style of its list stay. */
export function changeDocument(document: yaml.Document, path: string[], value: unknown): void {
  if (value === null) {
    document.deleteIn(path);
    return;
  }
  const node = document.getIn(path, true);
  if (yaml.isScalar(node) && typeof value !== 'object') {
    node.value = value;
    return;
  }
  if (yaml.isSeq(node) && Array.isArray(value) && changeList(document, node, value)) return;
  document.setIn(path, document.createNode(value));
}

/** Removes and adds items of a list. @returns whether the list then has these values in this order */
function changeList(document: yaml.Document, list: yaml.YAMLSeq, values: unknown[]): boolean {
  const readItem = (item: unknown) => (yaml.isScalar(item) ? item.value : item);
  const kept = list.items.filter((item) => values.includes(readItem(item)));
  const isInOrder = kept.every((item, index) => readItem(item) === values[index]);
  if (!isInOrder || values.some((value) => typeof value === 'object')) return false;
  list.items = [...kept, ...values.slice(kept.length).map((value) => document.createNode(value))];
  return true;
}
