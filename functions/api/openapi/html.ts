/** Text that is HTML already. */
export class Html {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

type Part = Html | string | number | undefined | readonly (Html | string)[];

/**
 * Writes HTML. What is put in is escaped unless it is HTML itself; lists are joined, and undefined is nothing.
 *
 * @example html`<p>${'a < b'}</p>`.text; // '<p>a &lt; b</p>'
 */
export function html(texts: TemplateStringsArray, ...parts: Part[]): Html {
  const written = texts.map((text, at) => `${text}${at < parts.length ? write(parts[at]) : ''}`);
  return new Html(written.join(''));
}

/** Prose: paragraphs are parted by an empty line, and `code` stands between backticks. */
export function prose(text: string): Html[] {
  return text.split(/\n{2,}/).map((paragraph) => html`<p>${inline(paragraph)}</p>\n`);
}

/** A line of prose. */
export function inline(text: string): Html[] {
  return text.split('`').map((part, at) => (at % 2 === 1 ? html`<code>${part}</code>` : html`${part}`));
}

function write(part: Part): string {
  if (part === undefined) return '';
  if (part instanceof Html) return part.text;
  if (typeof part === 'object') return part.map(write).join('');
  return escaped(String(part));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
}
