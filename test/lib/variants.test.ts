import { describe, expect, test } from 'vitest';
import { KNOWN_KEYS } from '../../lib/settings-schema.ts';
import { combine } from '../variants/combinations.ts';
import { excessesOf } from '../variants/service-limits.ts';
import { CHOICES, type Context } from '../variants/settings-values.ts';
import { combinations } from '../variants/synthesis.ts';

const has = (context: Context, part: Context) =>
  Object.entries(part).every(([key, value]) => context[key] === value);

test('the choices contain every setting', () => {
  const keys = Object.values(CHOICES).flatMap((values) => values.flatMap(Object.keys));
  expect([...new Set(keys)].sort()).toEqual([...KNOWN_KEYS].sort());
});

describe('the combinations', () => {
  const { contexts, impossible } = combinations();

  test('contain every pair of values that the settings accept', () => {
    const names = (pair: readonly [Context, Context]) =>
      pair.map((part) => Object.values(part)[0]).join(' and ');
    expect([...new Set(impossible.map(names))].sort()).toEqual([
      'external and 1',
      'external and eu-central-1',
      'external and on',
      'on and alpaca',
      'on and massive',
      'on and stooq',
      'on and tiingo',
      'small and on',
    ]);
    for (const [name, values] of Object.entries(CHOICES)) {
      for (const [other, others] of Object.entries(CHOICES)) {
        if (other <= name) continue;
        for (const a of values.filter((value) => Object.keys(value).length > 0)) {
          for (const b of others.filter((value) => Object.keys(value).length > 0)) {
            const isImpossible = impossible.some((pair) => pair.includes(a) && pair.includes(b));
            expect(
              contexts.some((context) => has(context, a) && has(context, b)),
              `${JSON.stringify(a)} with ${JSON.stringify(b)}`,
            ).toBe(!isImpossible);
          }
        }
      }
    }
  });

  test('contain a scaled production with everything that can be turned on', () => {
    const everything = {
      stage: 'prod',
      size: 'scale',
      database: 'managed',
      proxy: 'on',
      replica: 'on',
      intraday: 'on',
      retraining: 'on',
      concurrency: 'account',
    };
    expect(contexts.some((context) => has(context, everything))).toBe(true);
  });
});

test('combine() reports a pair that no combination can have', () => {
  const choices = { a: [{ a: '1' }, { a: '2' }], b: [{ b: '1' }, { b: '2' }] };
  const { contexts, impossible } = combine(choices, ({ a, b }) => !(a === '2' && b === '2'), ['a']);
  expect(impossible).toEqual([[{ a: '2' }, { b: '2' }]]);
  expect(contexts).toHaveLength(3);
});

test('excessesOf() finds what AWS would refuse, with references at their full length', () => {
  const variables = Object.fromEntries(
    Array.from({ length: 25 }, (_, index) => [`VARIABLE_${index}`, { 'Fn::ImportValue': 'a:b' }]),
  );
  const Resources = {
    Large: { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables: variables } } },
    Small: { Type: 'AWS::Lambda::Function', Properties: { Description: 'x' } },
  };
  expect(excessesOf({ Resources })).toEqual([
    expect.stringMatching(/^Large has \d+ bytes of environment variables; AWS allows 4096$/),
  ]);
});
