import { describe, expect, expectTypeOf, test } from 'vitest';
import { openApiDocument } from '../../../functions/api/openapi/document.ts';
import { typeDeclarations } from '../../../local/openapi-types/declarations.ts';
import type { AdminUser, NewInstrument, Operations, Problem } from '../../../web/api-types.d.ts';

describe('the generated types', () => {
  test('describe the request and the answer of an operation', () => {
    type List = Operations['listUsers'];
    expectTypeOf<List['request']>().toEqualTypeOf<'GET /v1/admin/users'>();
    expectTypeOf<List['query']['deleted']>().toEqualTypeOf<'no' | 'only' | 'yes' | undefined>();
    expectTypeOf<List['answer']['items']>().toEqualTypeOf<AdminUser[]>();
    expectTypeOf<List['answer']['nextCursor']>().toEqualTypeOf<string | null>();
    expectTypeOf<Operations['createInstrument']['body']>().toEqualTypeOf<NewInstrument>();
    expectTypeOf<Operations['deleteUser']['path']>().toEqualTypeOf<{ id: string }>();
    expectTypeOf<Operations['readHealth']['query']>().toEqualTypeOf<Record<never, never>>();
    expectTypeOf<Problem['status']>().toEqualTypeOf<number>();
  });

  test('give an operation without a body or an answer the type undefined', () => {
    expectTypeOf<Operations['deleteUser']['body']>().toEqualTypeOf<undefined>();
    expectTypeOf<Operations['deleteUser']['answer']>().toEqualTypeOf<undefined>();
  });

  test('let a client leave out a member that has a default', () => {
    expectTypeOf<{ symbol: string }>().toExtend<NewInstrument>();
  });
});

describe('typeDeclarations', () => {
  async function typeOf(schema: object): Promise<string | undefined> {
    const document = openApiDocument([], { version: '1.0.0', license: 'MIT' });
    document.components.schemas = { Thing: schema as Record<string, unknown> };
    return / Thing: ([\s\S]*?);\n {4}\};/.exec(await typeDeclarations(document))?.[1];
  }

  test('makes a list of a union a list, not a union with a list', async () => {
    expect(await typeOf({ type: 'array', items: { enum: [1, 2] } })).toBe('(1 | 2)[]');
    expectTypeOf<NonNullable<Problem['errors']>[number]>().toEqualTypeOf<
      { parameter: string; detail: string } | { pointer: string; detail: string }
    >();
  });

  test('exports every shared schema under its own name', async () => {
    const document = openApiDocument([], { version: '1.0.0', license: 'MIT' });
    expect(await typeDeclarations(document)).toContain(
      "export type Problem = components['schemas']['Problem'];",
    );
  });
});
