import * as z from 'zod';
import type { JsonSchema } from './format.ts';

type Direction = 'input' | 'output';

/**
 * Converts zod schemas to JSON Schemas. A schema with an `id` becomes a shared schema of that name.
 *
 * @example
 * const schemas = new Schemas();
 * schemas.of(Instrument, 'output'); // { $ref: '#/components/schemas/Instrument' }
 * schemas.shared; // { Instrument: { type: 'object', … } }
 */
export class Schemas {
  readonly #shared = new Map<string, JsonSchema>();

  /** The shared schemas, sorted by name. */
  get shared(): Record<string, JsonSchema> {
    return Object.fromEntries([...this.#shared].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  /**
   * @param direction - whether clients send or receive the value; it decides whether a member with a default is required
   * @throws Error if the schema has no JSON Schema form, or two different schemas have the same id
   */
  of(schema: z.ZodType, direction: Direction): JsonSchema {
    const {
      $schema,
      $defs = {},
      ...own
    } = z.toJSONSchema(schema, { io: direction, target: 'draft-2020-12' });
    for (const [name, shared] of Object.entries($defs))
      this.#share(name, tidy(shared, direction) as JsonSchema);
    return tidy(own, direction) as JsonSchema;
  }

  #share(name: string, schema: JsonSchema): void {
    const known = this.#shared.get(name);
    if (known && JSON.stringify(known) !== JSON.stringify(schema))
      throw new Error(`two different schemas have the id ${name}: give one of them another`);
    this.#shared.set(name, schema);
  }
}

/** Rewrites references for the document, and removes redundant patterns. */
function tidy(value: unknown, direction: Direction): unknown {
  if (Array.isArray(value)) return value.map((inner) => tidy(inner, direction));
  if (typeof value !== 'object' || value === null) return value;
  // For answers the format is enough. The long pattern matters only for requests.
  const isKnown = direction === 'output' && 'format' in value;
  const entries = Object.entries(value).filter(([key]) => !(isKnown && key === 'pattern'));
  const tidied = entries.map(([key, inner]) => [key, tidyMember(key, inner, direction)]);
  if (direction === 'input' && isFreeText(value)) tidied.push(['pattern', NO_NUL]);
  return Object.fromEntries(tidied);
}

/** Requests must not contain a NUL, which Postgres rejects. */
const NO_NUL = '^[^\\u0000]*$';

function isFreeText(schema: object): boolean {
  if (!('type' in schema) || schema.type !== 'string') return false;
  const isNarrow = ['pattern', 'enum', 'const', 'allOf'].some((key) => key in schema);
  return !isNarrow && (!('format' in schema) || schema.format === 'password');
}

function tidyMember(key: string, value: unknown, direction: Direction): unknown {
  if (typeof value !== 'string') return tidy(value, direction);
  if (key === '$ref') return value.replace(/^#\/\$defs\//, '#/components/schemas/');
  return key === 'pattern' ? plainPattern(value) : value;
}

/**
 * Replaces Unicode classes, which not every implementation of JSON Schema supports. Lone surrogates need no replacement,
 * because valid JSON texts have none.
 */
function plainPattern(pattern: string): string {
  return pattern.replaceAll('\\p{Cc}', '\\u0000-\\u001f\\u007f-\\u009f').replaceAll('\\p{Cs}', '');
}
