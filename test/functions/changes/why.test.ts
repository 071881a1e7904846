import { describe, expect, test } from 'vitest';
import { type CallReasons, type ChangeFacts, whyOf } from '../../../functions/changes/why.ts';
import type { Label } from '../../../functions/shared/constants.ts';

const reasons = (change: Partial<CallReasons> = {}): CallReasons => ({
  asOf: '2026-03-02',
  modelVersion: 'v1.0.0',
  probabilities: { SELL: 0.25, HOLD: 0.44, BUY: 0.31 },
  place: 0.06,
  contributions: { ret_20d: 0.001, ret_5d: 0.002 },
  features: { ret_20d: 0.01, ret_5d: 0.02 },
  ...change,
});
const why = (change: Partial<ChangeFacts>) =>
  whyOf({
    kind: 'label',
    from: 'HOLD',
    to: 'BUY',
    asOf: '2026-03-03',
    currency: 'USD',
    detail: {},
    call: reasons({ asOf: '2026-03-03' }),
    previous: null,
    ...change,
  });

/** A change of the label, by which the chances and one contribution move. */
function relabelled(from: Label, to: Label, after: Partial<CallReasons> = {}) {
  return why({ from, to, previous: reasons(), call: reasons({ asOf: '2026-03-03', ...after }) });
}

describe('a change of the label', () => {
  const RISEN = {
    probabilities: { SELL: 0.2, HOLD: 0.42, BUY: 0.38 },
    contributions: { ret_20d: 0.005, ret_5d: -0.009 },
    features: { ret_20d: 0.081, ret_5d: -0.03 },
  };

  test('names the chance of the new side and the reason that moved most towards it', () => {
    expect(relabelled('HOLD', 'BUY', RISEN)).toBe(
      'Its chance of clearly beating the average stock rose from 31% to 38%; the reason that changed most: its price rose 8.1% over the last month.',
    );
  });

  test('to HOLD names the chance of the side that it left', () => {
    expect(relabelled('BUY', 'HOLD', { ...RISEN, probabilities: { SELL: 0.3, HOLD: 0.42, BUY: 0.28 } })).toBe(
      'Its chance of clearly beating the average stock fell from 31% to 28%; the reason that changed most: its price fell 3.0% over the last week.',
    );
    expect(relabelled('SELL', 'HOLD', { probabilities: { SELL: 0.2, HOLD: 0.5, BUY: 0.3 } })).toBe(
      'Its chance of clearly lagging the average stock fell from 25% to 20%.',
    );
  });

  test('to SELL names the chance of lagging', () => {
    expect(relabelled('BUY', 'SELL', { ...RISEN, probabilities: { SELL: 0.4, HOLD: 0.4, BUY: 0.2 } })).toBe(
      'Its chance of clearly lagging the average stock rose from 25% to 40%; the reason that changed most: its price fell 3.0% over the last week.',
    );
  });

  test('names the places of the stock if the rounded chance is the same', () => {
    expect(relabelled('HOLD', 'BUY', { place: 0.041 })).toBe(
      'Its chance of clearly beating the average stock stayed at 31%, and it moved from the best 6% to the best 4% of stocks.',
    );
    expect(relabelled('HOLD', 'SELL', { place: 0.999 })).toContain(
      'from the best 6% to the worst 1% of stocks',
    );
    expect(relabelled('HOLD', 'BUY', { place: 0.06 })).toBe(
      'Its chance of clearly beating the average stock stayed at 31%.',
    );
  });

  test('of another model names the model, and compares no contributions', () => {
    expect(relabelled('HOLD', 'BUY', { ...RISEN, modelVersion: 'v2.0.0' })).toBe(
      'With the new model v2.0.0, its chance of clearly beating the average stock rose from 31% to 38%.',
    );
  });

  test('names no reason without a value', () => {
    expect(relabelled('HOLD', 'BUY', { ...RISEN, features: {} })).toBe(
      'Its chance of clearly beating the average stock rose from 31% to 38%.',
    );
  });

  test('of calls that did not store their chances names the labels', () => {
    expect(relabelled('HOLD', 'BUY', { probabilities: null })).toBe('The call changed from HOLD to BUY.');
  });
});

test.each<[string, Partial<ChangeFacts>, string]>([
  [
    'the stop of a BUY',
    { kind: 'stop', from: 'BUY', to: null, detail: { level: 92, price: 91.504 } },
    'Its low of 91.50 USD on 2026-03-03 reached 92.00 USD, the stop of the BUY of 2026-03-02.',
  ],
  [
    'the target of a BUY without a currency',
    { kind: 'target', from: 'BUY', to: null, currency: null, detail: { level: 112, price: 113 } },
    'Its high of 113.00 on 2026-03-03 reached 112.00, the target of the BUY of 2026-03-02.',
  ],
  [
    'the stop of a SELL',
    { kind: 'stop', from: 'SELL', to: null, detail: { level: 108, price: 109 } },
    'Its high of 109.00 USD on 2026-03-03 reached 108.00 USD, the stop of the SELL of 2026-03-02.',
  ],
  [
    'the target of a SELL',
    { kind: 'target', from: 'SELL', to: null, detail: { level: 88, price: 87 } },
    'Its low of 87.00 USD on 2026-03-03 reached 88.00 USD, the target of the SELL of 2026-03-02.',
  ],
  [
    'a call that is too old',
    { kind: 'withheld', from: 'BUY', to: null, asOf: '2026-03-10', detail: { reason: 'too_old' } },
    'No run could renew its BUY of 2026-03-02, and data more than 7 days old are too old to act on.',
  ],
  [
    'a stock that left',
    { kind: 'withheld', from: 'HOLD', to: null, detail: { reason: 'not_covered' } },
    'The stock gets no calls any more, so its HOLD of 2026-03-02 is out of date.',
  ],
  [
    'a first BUY',
    { kind: 'new', from: null, to: 'BUY' },
    'Its first call for this profile is BUY: its chance of clearly beating the average stock is 31%.',
  ],
  ['a first HOLD', { kind: 'new', from: null, to: 'HOLD' }, 'Its first call for this profile is HOLD.'],
  [
    'a call that is back',
    { kind: 'back', from: 'BUY', to: 'SELL', previous: reasons({ asOf: '2026-02-20' }) },
    'It has a call again: SELL, after its BUY of 2026-02-20 was withheld.',
  ],
])('says why, of %s', (_, change, sentence) => {
  expect(why({ call: reasons(), ...change })).toBe(sentence);
});
