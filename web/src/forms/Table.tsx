import type { ReactNode } from 'react';

interface Props {
  // What the table is, for who comes to it by keyboard or hears it.
  label: string;
  columns: string[];
  caption?: string;
  children: ReactNode;
}

// Table scrolls by itself on a narrow screen, so the keyboard must reach it.
export function Table({ label, columns, caption, children }: Props) {
  return (
    <div className="scroll" role="region" aria-label={label} tabIndex={0}>
      <table>
        {caption !== undefined && <caption>{caption}</caption>}
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
