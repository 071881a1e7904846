import type { JsonSchema } from './format.ts';
import { type Html, html, inline } from './html.ts';

/** Describes the kind of a schema's values in a few words, with links to shared schemas. */
export function kindOf(schema: JsonSchema): Html {
  const {
    $ref,
    const: constant,
    enum: values,
    anyOf,
    oneOf,
    allOf,
    type,
    format,
    items,
    prefixItems,
  } = schema;
  if (typeof $ref === 'string') return link($ref);
  if (constant !== undefined) return html`<code>${JSON.stringify(constant)}</code>`;
  if (Array.isArray(values)) return either(values.map((value) => html`<code>${String(value)}</code>`));
  for (const parts of [anyOf, oneOf, type === undefined ? allOf : undefined])
    if (Array.isArray(parts)) return either(parts.map(kindOf));
  if (Array.isArray(type))
    return either(type.map((kind) => kindOf(kind === 'null' ? { type: kind } : { ...schema, type: kind })));
  if (type === 'array') {
    if (Array.isArray(prefixItems)) return html`list of ${joined(prefixItems.map(kindOf), ', ')}`;
    return html`list of ${kindOf((items ?? {}) as JsonSchema)}`;
  }
  const kind = typeof type === 'string' ? type : 'anything';
  return html`${typeof format === 'string' ? `${kind} (${format})` : kind}${limits(schema)}`;
}

/** Renders the members of an object as a table. A nested object has its own table in its row. */
export function membersOf(schema: JsonSchema): Html {
  const members = Object.entries((schema.properties ?? {}) as Record<string, JsonSchema>);
  if (members.length === 0) return html`<p>${kindOf(schema)}</p>\n`;
  const required = new Set((schema.required ?? []) as string[]);
  const rows = members.map(([name, member]) => ({ name, schema: member, required: required.has(name) }));
  return table('Member', rows);
}

/** A row of a table of values. */
export interface Row {
  name: string;
  schema: JsonSchema;
  required: boolean;
  description?: string | undefined;
}

/** Renders a table of names, kinds and meanings. */
export function table(what: string, rows: readonly Row[]): Html {
  return html`<table>
<thead><tr><th scope="col">${what}</th><th scope="col">Kind</th><th scope="col">Meaning</th></tr></thead>
<tbody>
${rows.map(row)}</tbody>
</table>
`;
}

function row({ name, schema, required, description }: Row): Html {
  const meaning = description ?? schema.description;
  const inner = innerObject(schema);
  return html`<tr><th scope="row"><code>${name}</code>${required ? '' : html` <small>optional</small>`}</th>
<td>${kindOf(schema)}${'default' in schema ? html`, <code>${JSON.stringify(schema.default)}</code> by default` : ''}</td>
<td>${typeof meaning === 'string' ? inline(meaning) : ''}${inner ? membersOf(inner) : ''}</td></tr>
`;
}

/** The inline object schema of a value or of a list's entries; undefined if there is none. */
function innerObject(schema: JsonSchema): JsonSchema | undefined {
  if (schema.properties) return schema;
  if (schema.items) return innerObject(schema.items as JsonSchema);
  const parts = (schema.anyOf ?? schema.oneOf ?? []) as JsonSchema[];
  return parts.map(innerObject).find((part) => part !== undefined);
}

function limits({ minimum, maximum, minLength, maxLength }: JsonSchema): string {
  const [least, most, unit] =
    minLength === undefined && maxLength === undefined
      ? [minimum, maximum, '']
      : [minLength, maxLength, ' characters'];
  const isWide = (limit: unknown) =>
    limit === undefined || Math.abs(Number(limit)) >= Number.MAX_SAFE_INTEGER;
  if (isWide(least) && isWide(most)) return '';
  if (isWide(most)) return `, at least ${least}${unit}`;
  return isWide(least) ? `, at most ${most}${unit}` : `, ${least} to ${most}${unit}`;
}

function link(reference: string): Html {
  const name = reference.slice(reference.lastIndexOf('/') + 1);
  return html`<a href="#schema-${name}">${name}</a>`;
}

function either(parts: readonly Html[]): Html {
  return joined(parts, ' or ');
}

function joined(parts: readonly Html[], by: string): Html {
  return html`${parts.map((part, index) => (index === 0 ? part : html`${by}${part}`))}`;
}
