import type { JsonSchema, OpenApiDocument, Operation } from './format.ts';

const HEADER = `// The API's types, for clients. Made from the OpenAPI document by \`npm run synth:openapi\`: not to be edited.
`;

/**
 * Writes a document's types as TypeScript declarations: an interface or type a shared schema, and what each operation
 * takes and gives.
 *
 * @example
 * import type { Operations, RecommendationPage } from './api-types.d.ts';
 * type Query = Operations['listRecommendations']['query'];
 */
export function typeDeclarations({ paths, components }: OpenApiDocument): string {
  const shared = Object.entries(components.schemas).map(
    ([name, schema]) => `${comment(schema, '')}export type ${name} = ${typeOf(schema, '')};\n`,
  );
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) =>
      operationType(`${method.toUpperCase()} ${path}`, operation),
    ),
  );
  return [
    HEADER,
    ...shared,
    `/** What each operation takes and gives, by its operationId. */\nexport interface Operations {\n${operations.join('')}}\n`,
  ].join('\n');
}

function operationType(request: string, operation: Operation): string {
  const [status = '', answer] = Object.entries(operation.responses)[0] ?? [];
  const body = operation.requestBody?.content['application/json']?.schema;
  const lines = [
    `request: '${request}';`,
    `path: ${parameters(operation, 'path')};`,
    `query: ${parameters(operation, 'query')};`,
    `body: ${body ? typeOf(body, '    ') : 'undefined'};`,
    `status: ${status};`,
    `answer: ${answerType(answer && 'content' in answer ? answer.content : undefined)};`,
  ];
  return `  /** ${operation.summary}. */\n  ${operation.operationId}: {\n${lines.map((line) => `    ${line}\n`).join('')}  };\n`;
}

function answerType(content: Record<string, { schema: JsonSchema }> | undefined): string {
  const [media] = Object.values(content ?? {});
  return media ? typeOf(media.schema, '    ') : 'undefined';
}

function parameters(operation: Operation, place: 'path' | 'query'): string {
  const given = (operation.parameters ?? []).filter((parameter) => parameter.in === place);
  if (given.length === 0) return '{}';
  const properties = Object.fromEntries(
    given.map(({ name, schema, description }) => [name, { ...schema, description }]),
  );
  const required = given.filter((parameter) => parameter.required).map(({ name }) => name);
  return typeOf({ type: 'object', properties, required, additionalProperties: false }, '    ');
}

/** A schema as a TypeScript type. */
function typeOf(schema: JsonSchema, indent: string): string {
  const { $ref, const: constant, enum: values, anyOf, oneOf, allOf, type } = schema;
  if (typeof $ref === 'string') return $ref.slice($ref.lastIndexOf('/') + 1);
  if (constant !== undefined) return literal(constant);
  if (Array.isArray(values)) return values.map(literal).join(' | ');
  for (const union of [anyOf, oneOf]) if (Array.isArray(union)) return joined(union, ' | ', indent);
  if (Array.isArray(allOf) && type === undefined) return joined(allOf, ' & ', indent);
  if (Array.isArray(type)) {
    const kinds = type.map((kind) => ({ ...schema, type: kind }));
    return joined(kinds, ' | ', indent);
  }
  if (type === 'array') return listOf(schema, indent);
  if (type === 'object') return objectOf(schema, indent);
  const named = { string: 'string', number: 'number', integer: 'number', boolean: 'boolean', null: 'null' };
  return (typeof type === 'string' && named[type as keyof typeof named]) || 'unknown';
}

function joined(parts: JsonSchema[], by: string, indent: string): string {
  const types = [...new Set(parts.map((part) => typeOf(part, indent)))];
  return types.length === 1 ? (types[0] ?? 'never') : types.join(by);
}

function listOf({ prefixItems, items }: JsonSchema, indent: string): string {
  if (Array.isArray(prefixItems)) return `[${prefixItems.map((item) => typeOf(item, indent)).join(', ')}]`;
  const item = typeOf((items ?? {}) as JsonSchema, indent);
  // An object's own members may have a bar in them; that of a union of objects stands between them.
  const isObject = (items as JsonSchema | undefined)?.type === 'object';
  return /[|&]/.test(item) && !isObject ? `(${item})[]` : `${item}[]`;
}

function objectOf({ properties, required, additionalProperties }: JsonSchema, indent: string): string {
  const inner = `${indent}  `;
  const names = new Set((required ?? []) as string[]);
  const members = Object.entries((properties ?? {}) as Record<string, JsonSchema>).map(
    ([name, member]) =>
      `${comment(member, inner)}${inner}${key(name)}${names.has(name) ? '' : '?'}: ${typeOf(member, inner)};\n`,
  );
  if (members.length === 0) {
    return additionalProperties === false ? '{}' : `Record<string, ${rest(additionalProperties, indent)}>`;
  }
  if (additionalProperties !== false && additionalProperties !== undefined)
    members.push(`${inner}[member: string]: ${rest({}, indent)};\n`);
  return `{\n${members.join('')}${indent}}`;
}

function rest(schema: unknown, indent: string): string {
  return typeof schema === 'object' && schema !== null ? typeOf(schema as JsonSchema, indent) : 'unknown';
}

function comment({ description }: JsonSchema, indent: string): string {
  return typeof description === 'string' ? `${indent}/** ${description.replaceAll('*/', '*\\/')} */\n` : '';
}

function key(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : `'${name}'`;
}

function literal(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value);
}
