import { beforeEach, describe, expect, test } from 'vitest';
import { StepTimer } from '../../../local/pipeline/step-timer.ts';

let now: number;
let timer: StepTimer;
beforeEach(() => {
  now = 5000;
  timer = new StepTimer(() => now);
});

describe('StepTimer', () => {
  test('has no steps before the first starts', () => {
    now += 1000;
    expect(timer.seconds()).toEqual({});
  });

  test('gives a single step all of its time, and idle time to none', () => {
    now += 400;
    const stop = timer.start('plan');
    now += 1500;
    stop();
    now += 9000;
    expect(timer.seconds()).toEqual({ plan: 1.5 });
  });

  test('adds up the invocations of a step', () => {
    for (const ms of [100, 250]) {
      const stop = timer.start('fetch');
      now += ms;
      stop();
    }
    expect(timer.seconds()).toEqual({ fetch: 0.35 });
  });

  test('divides time equally among concurrent invocations', () => {
    const stopFetch = timer.start('fetch');
    now += 1000;
    const stopLoad = timer.start('load');
    now += 1000;
    const stopSecondFetch = timer.start('fetch');
    now += 3000;
    stopFetch();
    now += 1000;
    stopLoad();
    stopSecondFetch();
    // fetch: 1 + 1/2 + 2/3 of 3 + 1/2; load: 1/2 + 1/3 of 3 + 1/2.
    expect(timer.seconds()).toEqual({ fetch: 4, load: 2 });
  });

  test('includes a running step, rounded to milliseconds', () => {
    timer.start('infer');
    now += 1234.5678;
    expect(timer.seconds()).toEqual({ infer: 1.235 });
    now += 1000;
    expect(timer.seconds()).toEqual({ infer: 2.235 });
  });

  test('returns seconds that add up to the elapsed time however steps overlap', () => {
    const stops: (() => void)[] = [];
    for (let i = 0; i < 50; i++) {
      stops.push(timer.start(`step${i % 4}`));
      now += 7 * (i % 5);
      if (i % 3 === 2) stops.splice(i % stops.length, 1)[0]?.();
    }
    const sum = Object.values(timer.seconds()).reduce((a, b) => a + b);
    expect(sum).toBeCloseTo((now - 5000) / 1000, 2);
  });
});
