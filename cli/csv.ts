/** A table as https://www.rfc-editor.org/rfc/rfc4180 describes it, of which no spreadsheet takes a cell for a formula. */
export function csv(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, ...rows].map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function cell(text: string): string {
  // https://owasp.org/www-community/attacks/CSV_Injection: with an apostrophe before it, it is text.
  const harmless = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text;
  return /[",\r\n']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
