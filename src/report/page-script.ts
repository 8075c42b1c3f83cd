/**
 * @file The only script of a report: a click on a table's heading sorts it. The page's security policy lets this text
 * run and no other, so that nothing a name or a message brings along is ever executed.
 */
import { createHash } from 'node:crypto';

export const pageScript = `for (const table of document.querySelectorAll('table.sortable')) {
  table.querySelectorAll('th').forEach((heading, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener('click', () => {
      const ascending = heading.getAttribute('aria-sort') !== 'ascending';
      for (const other of table.querySelectorAll('th')) other.removeAttribute('aria-sort');
      heading.setAttribute('aria-sort', ascending ? 'ascending' : 'descending');
      const key = (row) => {
        const { value } = row.cells[column].dataset;
        return value === undefined ? row.cells[column].textContent.trim() : value === '' ? null : Number(value);
      };
      const compare = (a, b) => (typeof a === 'string' ? a.localeCompare(b) : a - b);
      const rows = [...table.tBodies[0].rows].map((row) => ({ row, key: key(row) }));
      rows.sort((a, b) => {
        if (a.key === null || b.key === null) return (a.key === null) - (b.key === null);
        return ascending ? compare(a.key, b.key) : compare(b.key, a.key);
      });
      table.tBodies[0].append(...rows.map(({ row }) => row));
    });
  });
}
`;

/** Nothing may be loaded from anywhere; the one script may run. */
export const securityPolicy =
  "default-src 'none'; img-src data:; style-src 'unsafe-inline'; " +
  `script-src 'sha256-${createHash('sha256').update(pageScript).digest('base64')}'`;
