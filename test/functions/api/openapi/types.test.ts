import { describe, expect, expectTypeOf, test } from 'vitest';
import { openApiDocument } from '../../../../functions/api/openapi/document.ts';
import { typeDeclarations } from '../../../../functions/api/openapi/types.ts';
import type { AdminUser, Operations, Problem } from '../../../../web/api-types.d.ts';

describe('the stored types', () => {
  test('say what an operation takes and gives', () => {
    type List = Operations['listUsers'];
    expectTypeOf<List['request']>().toEqualTypeOf<'GET /v1/admin/users'>();
    expectTypeOf<List['query']['deleted']>().toEqualTypeOf<'no' | 'only' | 'yes' | undefined>();
    expectTypeOf<List['answer']['items']>().toEqualTypeOf<AdminUser[]>();
    expectTypeOf<List['answer']['nextCursor']>().toEqualTypeOf<string | null>();
    expectTypeOf<Operations['deleteUser']['path']>().toEqualTypeOf<{ id: string }>();
    expectTypeOf<Operations['deleteUser']['answer']>().toEqualTypeOf<undefined>();
    expectTypeOf<Problem['status']>().toEqualTypeOf<number>();
  });
});

describe('types of a schema', () => {
  function typeOf(schema: object): string {
    const document = openApiDocument([], { version: '1.0.0', license: 'MIT' });
    document.components.schemas = { Thing: schema as Record<string, unknown> };
    return /export type Thing = ([\s\S]*?);\n\n/.exec(typeDeclarations(document))?.[1] ?? '';
  }

  test.each([
    [{ type: 'string' }, 'string'],
    [{ type: 'integer' }, 'number'],
    [{ type: ['string', 'null'] }, 'string | null'],
    [{ enum: ['a', "it's"] }, "'a' | 'it\\'s'"],
    [{ const: 1 }, '1'],
    [{ $ref: '#/components/schemas/Other' }, 'Other'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null'],
    [{ type: 'array', items: { enum: [1, 2] } }, '(1 | 2)[]'],
    [{ type: 'array', prefixItems: [{ type: 'string' }, { type: 'number' }] }, '[string, number]'],
    [{ type: 'object', additionalProperties: { type: 'number' } }, 'Record<string, number>'],
    [{ type: 'object', properties: {}, additionalProperties: false }, '{}'],
    [{}, 'unknown'],
  ])('%j is %s', (schema, type) => {
    expect(typeOf(schema)).toBe(type);
  });

  test('an object has its members, optional unless they are required, with their descriptions', () => {
    const properties = { 'a-b': { type: 'string', description: 'Ends */ early.' }, c: { type: 'boolean' } };
    expect(typeOf({ type: 'object', properties, required: ['c'], additionalProperties: false })).toBe(
      "{\n  /** Ends *\\/ early. */\n  'a-b'?: string;\n  c: boolean;\n}",
    );
  });
});
