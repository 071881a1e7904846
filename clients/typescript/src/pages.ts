/**
 * Reads a list to its end. A page names the cursor of the next one in its header `Link`.
 *
 * @param read - requests the page at a cursor, or the first one
 */
export async function* followPages(
  read: (cursor: string | undefined) => Promise<Response>,
): AsyncGenerator<Response, void> {
  let cursor: string | undefined;
  do {
    const page = await read(cursor);
    yield page;
    cursor = nextCursor(page);
  } while (cursor !== undefined);
}

/** Joins the pages of a list in CSV to one text with one header line. */
export async function joinCsv(pages: AsyncIterable<Response>): Promise<string> {
  const texts: string[] = [];
  for await (const page of pages) {
    const text = await page.text();
    // Names of columns have no line breaks, so the first one ends the header line.
    texts.push(texts.length === 0 ? text : text.slice(text.indexOf('\r\n') + 2));
  }
  return texts.join('');
}

function nextCursor({ headers }: Response): string | undefined {
  const [, target] = /<([^>]*)>; rel="next"/.exec(headers.get('link') ?? '') ?? [];
  if (target === undefined) return undefined;
  return new URL(target, 'http://localhost').searchParams.get('cursor') ?? undefined;
}
