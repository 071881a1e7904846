import { expect, test } from 'vitest';
import { readQuery } from '../../../../functions/api/core/query.ts';

test('decodes names and values', () => {
  expect(readQuery('')).toEqual({ values: {}, faults: [] });
  expect(readQuery('name=A%26B+C&empty=&bare&é=%C3%A9&&a=b=c').values).toEqual({
    name: 'A&B C',
    empty: '',
    bare: '',
    é: 'é',
    a: 'b=c',
  });
});

test('treats a name of the prototype like any other', () => {
  expect(Object.entries(readQuery('__proto__=x&constructor=y').values)).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ]);
});

test.each([
  ['a repeated name', 'a=1&a=2', 'a', 'must not be repeated'],
  ['a repeated name in another encoding', 'a=1&%61=1', 'a', 'must not be repeated'],
  ['bytes that are not UTF-8', 'a=%ff', 'a', 'is not UTF-8 text'],
  ['half a character', 'a=%C3%28', 'a', 'is not UTF-8 text'],
  ['half of a pair, as some write UTF-8', 'a=%ED%A0%80', 'a', 'is not UTF-8 text'],
  ['a % that begins nothing', 'a=100%', 'a', 'is not UTF-8 text'],
  ['a NUL', 'a=b%00c', 'a', 'is not UTF-8 text'],
  ['a NUL in the name', 'a%00=b', 'a%00', 'is not UTF-8 text'],
])('reports %s as a fault', (_what, query, parameter, detail) => {
  expect(readQuery(query).faults).toEqual([{ parameter, detail }]);
});

test('shortens a long name in the fault', () => {
  const [fault] = readQuery(`${'x'.repeat(5_000)}=%ff`).faults;
  expect(fault).toMatchObject({ parameter: 'x'.repeat(40) });
});
