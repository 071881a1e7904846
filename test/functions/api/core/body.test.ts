import { expect, test } from 'vitest';
import {
  BODY_LIMIT_BYTES,
  checkBodySize,
  readBody,
  textFaults,
} from '../../../../functions/api/core/body.ts';

const JSON_HEADERS = { 'content-type': 'application/json' };
const plain = (body: string) => readBody({ body, headers: JSON_HEADERS, isBase64Encoded: false });
const encoded = (bytes: Uint8Array) =>
  readBody({ body: Buffer.from(bytes).toString('base64'), headers: JSON_HEADERS, isBase64Encoded: true });

test('parses JSON as text or base64, and a missing body as an empty object', () => {
  expect(plain('{"a":[1,"é"]}')).toEqual({ value: { a: [1, 'é'] } });
  expect(encoded(Buffer.from('{"a":"é"}'))).toEqual({ value: { a: 'é' } });
  expect(readBody({ headers: {}, isBase64Encoded: false })).toEqual({ value: {} });
});

test.each(['application/json', 'application/json;charset=utf-8', 'Application/JSON; charset="UTF-8"'])(
  'accepts the content type %s',
  (type) => {
    const request = { body: '{}', headers: { 'content-type': type }, isBase64Encoded: false };
    expect(readBody(request)).toEqual({ value: {} });
  },
);

test.each([
  'text/plain',
  'application/x-www-form-urlencoded',
  'application/json; charset=utf-16',
  'application/jsonp',
  'application/problem+json',
  '',
])('refuses the content type "%s"', (type) => {
  const request = { body: '{}', headers: { 'content-type': type }, isBase64Encoded: false };
  expect(() => readBody(request)).toThrow(expect.objectContaining({ status: 415 }));
});

test.each([
  ['no JSON', '{a:1}'],
  ['JSON that is cut off', '{"a":'],
  ['two values', '{} {}'],
  ['a byte order mark', '\ufeff{}'],
  ['NaN', '{"a":NaN}'],
])('reports %s as a fault', (_what, body) => {
  expect(plain(body)).toEqual({ faults: [{ pointer: '#', detail: 'is not JSON' }] });
});

test('reports bytes that are not UTF-8', () => {
  const faulty = encoded(Uint8Array.from([0x22, 0xff, 0x22]));
  expect(faulty).toEqual({ faults: [{ pointer: '#', detail: 'is not UTF-8 text' }] });
});

test.each([
  ['a NUL', '{"a":{"b~/c":"x\\u0000"}}', '#/a/b~0~1c'],
  ['half of a pair', '{"a":["ok","\\ud800"]}', '#/a/1'],
])('reports %s in a text with its pointer', (_what, body, pointer) => {
  expect(plain(body)).toEqual({
    faults: [{ pointer, detail: 'contains a NUL or a lone surrogate, which is not allowed' }],
  });
});

test("reports a NUL in a member's name at the parent", () => {
  expect(plain('{"a":{"\\u0000":1}}')).toEqual({
    faults: [{ pointer: '#/a', detail: 'has a member whose name contains a NUL or a lone surrogate' }],
  });
});

test.each([
  ['with another value', '{"a":1,"a":2}', ['#/a']],
  ['with the same value', '{"a":"x","a":"x"}', ['#/a']],
  ['with an escape in its name', '{"a":1,"\\u0061":1}', ['#/a']],
  ['in an object in a list', '{"list":[{},{"b~/c":1,"b~/c":2}]}', ['#/list/1/b~0~1c']],
  ['in an object that is repeated itself', '{"o":{"a":1},"o":{"a":1,"a":2}}', ['#/o', '#/o/a']],
  ['with the name of a prototype', '{"__proto__":1,"__proto__":2}', ['#/__proto__']],
])('reports a member given twice %s', (_what, body, pointers) => {
  expect(plain(body)).toEqual({
    faults: pointers.map((pointer) => ({ pointer, detail: 'must not be repeated' })),
  });
});

test('accepts one name in several objects', () => {
  expect(plain('[{"a":{"a":1}},{"a":2}]')).toEqual({ value: [{ a: { a: 1 } }, { a: 2 }] });
});

test('limits the nesting to 16 levels', () => {
  const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;
  expect(plain(nested(16))).toHaveProperty('value');
  expect(plain(nested(17))).toEqual({
    faults: [{ pointer: '#', detail: 'is nested more than 16 levels deep' }],
  });
  expect(plain(nested(30_000))).toHaveProperty('faults');
  expect(plain(`{"a":${nested(30)},"a":1}`)).toHaveProperty('faults');
  expect(plain(`{"a":${nested(30_000)},"a":1}`)).toEqual({
    faults: [{ pointer: '#', detail: 'is nested more than 16 levels deep' }],
  });
});

test('applies the same rules to path parameters', () => {
  expect(textFaults('parameter', { symbol: 'A\0' })).toEqual([
    { parameter: 'symbol', detail: 'contains a NUL or a lone surrogate, which is not allowed' },
  ]);
});

test.each([
  ['text', 'x'.repeat(BODY_LIMIT_BYTES), false, false],
  ['more text', 'x'.repeat(BODY_LIMIT_BYTES + 1), false, true],
  ['text of more bytes than characters', 'é'.repeat(BODY_LIMIT_BYTES / 2 + 1), false, true],
  ['base64', Buffer.alloc(BODY_LIMIT_BYTES).toString('base64'), true, false],
  ['more base64', Buffer.alloc(BODY_LIMIT_BYTES + 1).toString('base64'), true, true],
])('measures the limit in bytes: %s', (_what, body, isBase64Encoded, refused) => {
  const check = () => checkBodySize({ body, isBase64Encoded });
  if (refused) expect(check).toThrow(expect.objectContaining({ status: 413 }));
  else expect(check).not.toThrow();
});
