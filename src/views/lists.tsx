import type { Child } from 'hono/jsx';
import { Choices, Section } from './parts.tsx';

export interface Listed<Item> {
  items: Item[];
  /** Position in the list; null for its beginning. */
  cursor: string | null;
  next: string | null;
  hasFile: boolean;
  url(more: Record<string, string>): string;
}

/** Links to the pages beside a page of a list, and to its file. */
export const Pages = ({ list: { cursor, next, hasFile, url } }: { list: Omit<Listed<never>, 'items'> }) => (
  <Paging
    links={[
      ['First page', cursor !== null && url({})],
      ['Next page', next],
      ['CSV', hasFile && url({ format: 'csv' })],
    ]}
  />
);

type RowsProps<Item> = { items: Item[]; row(item: Item): Child; empty: string; style?: string };

/** Rows of a list, or a sentence where there are none. */
export const Rows = <Item,>({ items, row, empty, style = '' }: RowsProps<Item>) => (
  <>
    {items.length === 0 && <p class="card">{empty}</p>}
    {items.length > 0 && <ul class={`${style} card stack parts`}>{items.map((item) => row(item))}</ul>}
  </>
);

/** A page of a list with the links below it. */
export const List = <Item,>({ list, ...rows }: { list: Listed<Item> } & Omit<RowsProps<Item>, 'items'>) => (
  <>
    <Rows items={list.items} {...rows} />
    <Pages list={{ ...list }} />
  </>
);

interface FiltersProps<Name> {
  label: string;
  names: readonly Name[];
  chosen: Name;
  describe: (name: Name) => { count: number | string; text: string; url: string; tone?: string };
}

/** Filters of a list as cards, each with the number of entries it leaves. */
export const Filters = <Name,>({ label, names, chosen, describe }: FiltersProps<Name>) => (
  <Choices
    label={label}
    style="stack tight filters"
    links={names.map((name) => {
      const { count, text, url, tone } = describe(name);
      const card = [<strong>{count}</strong>, ` ${text}`];
      return [card, url, name === chosen, count !== 0 && count !== '0' && tone ? `card ${tone}` : 'card'];
    })}
  />
);

/** Links between the pages of a list; nothing on its only page. */
export function Paging({ links }: { links: [text: string, url: string | null | undefined | false][] }) {
  const shown = links.flatMap(([text, url]): [string, string, boolean][] => (url ? [[text, url, false]] : []));
  return shown.length === 0 ? null : <Choices label="Pages" style="paging row" links={shown} />;
}

type TableProps = { name: string; columns: string[]; rows: Child[][]; empty?: string; isCard?: boolean };

const figure = /^[-+−]?\d[\d.,]*%?(\s(%|[a-z]+|[\d.,]+))*$/i;
const isFigure = (cell: Child): boolean => (typeof cell === 'string' ? figure.test(cell) : typeof cell === 'number');

/** A table, with figures at the end of their cells. In a narrow place its rows become cards. */
export function Table({ name, columns, rows, empty, isCard = false }: TableProps) {
  const style = isCard ? 'card ' : '';
  if (empty !== undefined && rows.length === 0) return <p class={`${style}muted`}>{empty}</p>;
  const styles = columns.map((_, index) => {
    const cells = rows.map((row) => row[index]).filter((cell) => cell || cell === 0);
    return cells.length > 0 && cells.every(isFigure) ? 'figure' : undefined;
  });
  return (
    <section class={`${style}scroll`} aria-label={name} tabindex={0}>
      <table class="table">
        <thead>
          <tr>
            {columns.map((title, index) => (
              <th scope="col" class={styles[index]}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells) => (
            <tr>
              {cells.map((cell, index) =>
                index === 0 ? (
                  <th scope="row">{cell}</th>
                ) : (
                  <td class={styles[index]} data-label={columns[index]}>
                    {cell}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

export const TableSection = ({ id, title, hint, ...table }: TableSectionProps) => (
  <Section id={id} title={title}>
    {hint && <p class="muted">{hint}</p>}
    <Table name={`${title}, a table`} {...table} />
  </Section>
);

type TableSectionProps = Omit<TableProps, 'name'> & { id: string; title: string; hint?: Child };

/** Rows of one line each. */
export const RowTable = ({ columns, caption, plain = false, children }: RowTableProps) => (
  <table class="rows">
    {caption && <caption class="muted">{caption}</caption>}
    <colgroup>
      {columns.map(() => (
        <col />
      ))}
    </colgroup>
    <thead class={plain ? 'unseen' : undefined}>
      <tr>
        {columns.map((name) => (
          <th scope="col">{name}</th>
        ))}
      </tr>
    </thead>
    <tbody>{children}</tbody>
  </table>
);

type RowTableProps = { columns: string[]; caption?: Child; plain?: boolean; children: Child };
