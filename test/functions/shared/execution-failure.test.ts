import { expect, test } from 'vitest';
import { readableCause } from '../../../functions/shared/execution-failure.ts';

test.each([
  [
    'extracts the message of a function’s error',
    '{"errorType":"Error","errorMessage":"no route","trace":[]}',
    'no route',
  ],
  ['keeps plain text', 'States.Timeout after 60 s', 'States.Timeout after 60 s'],
  ['keeps JSON without a message', '{"code":7}', '{"code":7}'],
  ['keeps null in JSON', 'null', 'null'],
])('readableCause %s', (_, cause, expected) => {
  expect(readableCause(cause)).toBe(expected);
});
