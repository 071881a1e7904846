import { describe, expect, test } from 'vitest';
import { dataToOf, retrainingNotice } from '../../../functions/infer/training-data.ts';

const TODAY = new Date('2026-11-30T12:00:00Z');

describe('retrainingNotice', () => {
  test('says what to do where the training data end more than two years ago', () => {
    expect(retrainingNotice('2015-12-31', TODAY)).toBe(
      'The model learned from prices up to 2015-12-31, more than 2 years ago. An administrator should retrain it on newer prices (npm run retrain).',
    );
  });

  test('begins on the day after two years', () => {
    expect(retrainingNotice('2024-12-01', TODAY)).toBeNull();
    expect(retrainingNotice('2024-11-30', TODAY)).toContain('2024-11-30');
  });

  test('says nothing where the day is unknown', () => {
    expect(retrainingNotice(null, TODAY)).toBeNull();
  });

  test('reads the real clock', () => {
    expect(retrainingNotice('2015-12-31')).not.toBeNull();
    expect(retrainingNotice(new Date().toISOString().slice(0, 10))).toBeNull();
  });
});

describe('dataToOf', () => {
  test('reads the last day of the training data', () => {
    expect(dataToOf({ training: { dataTo: '2015-12-31' } })).toBe('2015-12-31');
  });

  test.each([
    [{}],
    [{ training: {} }],
    [{ training: { dataTo: 20151231 } }],
    [{ training: { dataTo: '31/12/2015' } }],
  ])('is null for %j', (manifest) => {
    expect(dataToOf(manifest)).toBeNull();
  });
});
