import type { Child } from 'hono/jsx';

interface TableProps {
  name: string;
  columns: (string | { title: string; class: string })[];
  style: 'figures-table' | 'people-table';
  children: Child;
}

/** A table that scrolls sideways in a narrow place. */
export const Table = ({ name, columns, style, children }: TableProps) => (
  <section class="scroll" aria-label={name} tabindex={0}>
    <table class={style}>
      <thead>
        <tr>
          {columns.map((column) =>
            typeof column === 'string' ? (
              <th scope="col">{column}</th>
            ) : (
              <th scope="col" class={column.class}>
                {column.title}
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </section>
);
