import { expect, test } from 'vitest';
import * as z from 'zod';
import { Schemas } from '../../../../functions/api/openapi/schemas.ts';

test('shares a schema with an id wherever it is used', () => {
  const Inner = z.strictObject({ a: z.string() }).meta({ id: 'TestInner' });
  const Outer = z.strictObject({ one: Inner, many: z.array(Inner) }).meta({ id: 'TestOuter' });
  const schemas = new Schemas();
  expect(schemas.of(Outer, 'output')).toEqual({ $ref: '#/components/schemas/TestOuter' });
  expect(schemas.of(Outer, 'output')).toEqual({ $ref: '#/components/schemas/TestOuter' });
  expect(schemas.shared).toMatchObject({
    TestInner: { type: 'object', properties: { a: { type: 'string' } } },
    TestOuter: {
      properties: {
        one: { $ref: '#/components/schemas/TestInner' },
        many: { type: 'array', items: { $ref: '#/components/schemas/TestInner' } },
      },
    },
  });
});

test('rejects one id for two different schemas', () => {
  const schemas = new Schemas();
  const Thing = z.strictObject({ a: z.string().default('x') }).meta({ id: 'TestThing' });
  schemas.of(Thing, 'output');
  expect(() => schemas.of(Thing, 'input')).toThrow('TestThing');
});

test('keeps patterns next to formats only in requests', () => {
  const At = z.strictObject({ at: z.iso.datetime() });
  const schemas = new Schemas();
  const at = (direction: 'input' | 'output') => (schemas.of(At, direction).properties as { at: object }).at;
  expect(at('output')).toEqual({ type: 'string', format: 'date-time' });
  expect(at('input')).toHaveProperty('pattern');
});

test('rejects a schema without a JSON Schema form', () => {
  expect(() => new Schemas().of(z.strictObject({ at: z.date() }), 'output')).toThrow();
});
