import Negotiator from 'negotiator';
import * as z from 'zod';
import type { ApiRequest } from './http.ts';

/** The formats of a list. */
const FORMATS = ['json', 'csv'] as const;
export type ListFormat = (typeof FORMATS)[number];

/**
 * The most entries of a CSV answer without `limit`. The largest entries have less than 1 KB, so that the answer stays
 * within the 6 MB of Lambda. docs/adr/0064 has the figures.
 */
export const CSV_ENTRIES = 5000;

/** The query parameter that every list has. */
export const FORMAT_PARAMETER = {
  format: z
    .enum(FORMATS, { error: `must be one of ${FORMATS.join(', ')}` })
    .optional()
    .describe(
      `The format of the response. By default, the header Accept decides, and \`json\` is used without a preference. \`csv\` without \`limit\` returns up to ${CSV_ENTRIES} entries.`,
    ),
};

/** The media types by preference. Clients may name the parameters of RFC 4180. */
const MEDIA_TYPES: Readonly<Record<string, ListFormat>> = {
  'application/json': 'json',
  'application/json;charset=utf-8': 'json',
  'text/csv': 'csv',
  'text/csv;charset=utf-8': 'csv',
  'text/csv;header=present': 'csv',
};

/** The part of an endpoint that says whether it is a list. */
interface Listing {
  method: string;
  answer: { schema?: z.ZodType | undefined };
}

/**
 * The schema of a list's entries, which are the objects in the answer's `items`. Undefined if the endpoint is not a list:
 * a GET whose answer has `items`.
 */
export function entrySchema({ method, answer }: Listing): z.ZodType | undefined {
  const { items } = method === 'GET' && answer.schema instanceof z.ZodObject ? answer.schema.shape : {};
  return items instanceof z.ZodArray ? (items.element as z.ZodType) : undefined;
}

/**
 * Separates the format from the rest of a list's query, which is what the endpoint declares. As CSV, a list that is read
 * page by page has {@link CSV_ENTRIES} entries unless the request has a limit.
 *
 * @param query - the validated query
 * @returns the format of the parameter; without it, the one that the header Accept prefers (RFC 9110); otherwise JSON
 */
export function takeFormat(
  request: ApiRequest,
  query: unknown,
): { format: ListFormat; query: Record<string, unknown> } {
  const { format = preferred(request.headers.accept), ...rest } = query as { format?: ListFormat };
  const isWhole = format === 'csv' && 'limit' in rest && !queryOf(request).has('limit');
  return { format, query: isWhole ? { ...rest, limit: CSV_ENTRIES } : rest };
}

function preferred(accept: string | undefined): ListFormat {
  if (accept === undefined) return 'json';
  const type = new Negotiator({ headers: { accept } }).mediaType(Object.keys(MEDIA_TYPES));
  return MEDIA_TYPES[type ?? ''] ?? 'json';
}

/** A page of a list, as an endpoint returns it. */
export interface ListPage {
  items: readonly object[];
  nextCursor?: string | null;
}

/**
 * The body of a list in a format, and its headers. A page that others follow has a `Link` to the next one (RFC 8288).
 *
 * @param entry - the schema of the entries
 */
export async function listContent(
  request: ApiRequest,
  { entry, format, page }: { entry: z.ZodType; format: ListFormat; page: ListPage },
): Promise<{ text: string; headers: Record<string, string> }> {
  const headers: Record<string, string> = { 'content-type': 'application/json; charset=utf-8' };
  if (page.nextCursor) headers.link = `<${nextTarget(request, page.nextCursor)}>; rel="next"`;
  if (format === 'json') return { text: JSON.stringify(page), headers };
  headers['content-type'] = 'text/csv; charset=utf-8';
  headers['content-disposition'] = `attachment; filename="${fileName(request)}"`;
  // Most containers never write CSV.
  const { toCsv } = await import('./csv.ts');
  return { text: toCsv(entry, page.items), headers };
}

/** The path and query of the next page. Everything but the cursor stays the same. */
function nextTarget(request: ApiRequest, cursor: string): string {
  const query = queryOf(request);
  query.set('cursor', cursor);
  return `${request.rawPath}?${query}`;
}

/** A name for the file of a list, such as `instruments-AAPL-bars.csv`. */
function fileName({ rawPath }: ApiRequest): string {
  const words = decodeURIComponent(rawPath)
    .replace(/^\/v1\//, '')
    .split('/');
  return `${words.map((word) => word.replaceAll(/[^\w.-]/g, '_')).join('-')}.csv`;
}

const queryOf = ({ rawQueryString }: ApiRequest) => new URLSearchParams(rawQueryString);
