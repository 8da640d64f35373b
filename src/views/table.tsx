import type { Child } from 'hono/jsx';

interface TableProps {
  /** What it shows, for whoever hears the page. */
  name: string;
  /** Titles of the columns, one of them with a class where it needs one. */
  columns: (string | { title: string; class: string })[];
  style: 'figures-table' | 'people-table';
  /** Rows. */
  children: Child;
}

/** A table that scrolls sideways where it is wider than its place. */
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
