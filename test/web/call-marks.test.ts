import { expect, test } from 'vitest';
import { defined } from '../../web/src/defined.ts';
import { makeMarks } from '../../web/src/detail/call-marks.ts';

const DAYS = ['2026-03-02', '2026-03-03', '2026-03-04', '2026-03-05'];
const call = (at: number, label: 'BUY' | 'HOLD' | 'SELL') => ({ asOf: defined(DAYS[at], 'day'), label });

test('marks the days on which the call changes', () => {
  const marks = makeMarks(call(3, 'BUY'), [call(2, 'HOLD'), call(1, 'HOLD'), call(0, 'SELL')], DAYS);
  expect(marks).toEqual([
    { time: DAYS[0], size: 1, label: 'SELL', position: 'aboveBar', shape: 'arrowDown' },
    { time: DAYS[1], size: 1, label: 'HOLD', position: 'belowBar', shape: 'square' },
    { time: DAYS[3], size: 1.5, label: 'BUY', position: 'belowBar', shape: 'arrowUp' },
  ]);
});

test('marks the shown call even without a change, in place of another call of its day', () => {
  const marks = makeMarks(call(1, 'BUY'), [call(0, 'BUY'), call(1, 'SELL'), call(2, 'BUY')], DAYS);
  expect(marks.map(({ time, label, size }) => [time, label, size])).toEqual([
    [DAYS[0], 'BUY', 1],
    [DAYS[1], 'BUY', 1.5],
  ]);
});

test('skips a call of a day without a bar', () => {
  expect(makeMarks({ asOf: '2026-02-28', label: 'BUY' }, [call(1, 'HOLD')], DAYS)).toMatchObject([
    { time: DAYS[1], label: 'HOLD' },
  ]);
});
