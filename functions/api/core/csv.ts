import { stringify } from 'csv-stringify/sync';
import * as z from 'zod';

/** A column: its name in the header line, and the members that lead to its value. */
interface Column {
  name: string;
  path: readonly string[];
}

/**
 * Writes objects as CSV (RFC 4180) with a header line, in UTF-8 without a byte order mark.
 *
 * A column is named after the path of its value, such as `outcome.returnPct`, and the columns have the order of the schema.
 * A member `value` has the name of its object, so that an estimate has the columns `x`, `x.low` and `x.high`. A value that
 * is null or missing is empty. A list, or an object whose members the schema does not name, is JSON. {@link unevaluated}
 * marks texts that a spreadsheet would evaluate.
 *
 * @param schema - describes each of the objects
 */
export function toCsv(schema: z.ZodType, objects: readonly object[]): string {
  const columns = columnsOf([schema], [], '');
  const rows = objects.map((object) => columns.map(({ path }) => cell(valueAt(object, path))));
  return stringify([columns.map(({ name }) => name), ...rows], {
    record_delimiter: '\r\n',
    // By default it quotes only CRLF, but readers also end a line at either character.
    quoted_match: /[\r\n]/,
  });
}

/** The columns of a value that has one of some schemas. */
function columnsOf(schemas: readonly z.ZodType[], path: readonly string[], name: string): Column[] {
  const alternatives = schemas.flatMap(unwrapped);
  const members = new Map<string, z.ZodType[]>();
  for (const schema of alternatives) {
    if (!(schema instanceof z.ZodObject)) return [{ name, path }];
    for (const [key, member] of Object.entries<z.ZodType>(schema.shape))
      members.set(key, [...(members.get(key) ?? []), member]);
  }
  return [...members].flatMap(([key, member]) => columnsOf(member, [...path, key], nameBelow(name, key)));
}

function nameBelow(name: string, key: string): string {
  if (name === '') return key;
  return key === 'value' ? name : `${name}.${key}`;
}

/** The schemas of a value that is neither null nor missing. */
function unwrapped(schema: z.ZodType): z.ZodType[] {
  if (
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodReadonly
  )
    return unwrapped(schema.unwrap() as z.ZodType);
  if (schema instanceof z.ZodUnion) return (schema.options as z.ZodType[]).flatMap(unwrapped);
  return schema instanceof z.ZodNull ? [] : [schema];
}

function valueAt(object: object, path: readonly string[]): unknown {
  let value: unknown = object;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value;
}

/** A value as text; null if it is null or missing. Instants and days are ISO texts already. */
function cell(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return unevaluated(value);
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/**
 * Puts an apostrophe before a text that a spreadsheet could take for a formula, also in its full-width form. A text that
 * begins with an apostrophe gets another one, so that a program may always remove the first. Numbers stay as they are;
 * the guard of csv-stringify would also mark negative ones.
 */
function unevaluated(text: string): string {
  return /^[=+\-@\t\r\n'＝＋－＠]/.test(text) ? `'${text}` : text;
}
