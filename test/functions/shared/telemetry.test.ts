import { afterEach, expect, test, vi } from 'vitest';
import { defined } from '../../../functions/shared/invariant.ts';
import { log } from '../../../functions/shared/telemetry.ts';
import { useWritten } from '../../support/written.ts';

const lines = useWritten();
afterEach(() => {
  vi.unstubAllEnvs();
  vi.useRealTimers();
});

const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

test.each([
  ['debug', ['debug', 'info', 'warn', 'error']],
  ['info', ['info', 'warn', 'error']],
  ['warn', ['warn', 'error']],
  ['error', ['error']],
  ['silent', []],
  [undefined, ['info', 'warn', 'error']],
  ['loud', ['info', 'warn', 'error']],
])('LOG_LEVEL %s writes %j', (configured, written) => {
  vi.stubEnv('LOG_LEVEL', configured);
  for (const level of LEVELS) log(level, 'happened');
  expect(lines.map((line) => JSON.parse(line).level)).toEqual(written);
});

test('writes an event as one JSON line with its time and fields', () => {
  vi.stubEnv('LOG_LEVEL', 'info');
  vi.useFakeTimers({ now: new Date('2026-03-06T21:30:00Z') });
  log('warn', 'batch loaded', { runId: 'run-1', bars: 5, note: 'two\nlines' });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^[^\n]+\n$/);
  expect(JSON.parse(defined(lines[0], 'line'))).toEqual({
    level: 'warn',
    event: 'batch loaded',
    time: '2026-03-06T21:30:00.000Z',
    runId: 'run-1',
    bars: 5,
    note: 'two\nlines',
  });
});
