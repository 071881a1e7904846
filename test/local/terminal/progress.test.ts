import { WriteStream } from 'node:tty';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Progress } from '../../../local/terminal/progress.ts';

/** What a stream would have shown, terminal or not. */
function stream(isTTY: boolean): { out: NodeJS.WriteStream; written: string[] } {
  const written: string[] = [];
  const out: NodeJS.WriteStream = Object.create(WriteStream.prototype, {
    isTTY: { value: isTTY },
    write: { value: (text: string) => written.push(text) > 0 },
  });
  return { out, written };
}

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-03-02T08:00:00Z') });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('on a terminal', () => {
  test('every update rewrites the line', () => {
    const { out, written } = stream(true);
    const progress = new Progress(out);
    progress.update('one');
    progress.update('two');
    expect(written).toEqual(['\r\x1b[2Kone', '\r\x1b[2Ktwo']);
  });

  test('a line that stays replaces the update and ends', () => {
    const { out, written } = stream(true);
    const progress = new Progress(out);
    progress.update('working');
    progress.line('done');
    expect(written.at(-1)).toBe('\r\x1b[2Kdone\n');
  });
});

describe('away from a terminal', () => {
  test('updates are lines, at most one in two seconds', () => {
    const { out, written } = stream(false);
    const progress = new Progress(out);
    progress.update('one');
    vi.advanceTimersByTime(2000);
    progress.update('two');
    vi.advanceTimersByTime(1);
    progress.update('three');
    expect(written).toEqual(['one\n', 'three\n']);
  });

  test('lines that stay are all written, without control characters, and hold the next update back', () => {
    const { out, written } = stream(false);
    const progress = new Progress(out);
    progress.line('one');
    progress.line('two');
    progress.update('three');
    expect(written).toEqual(['one\n', 'two\n']);
  });
});

test('goes to standard error unless told otherwise', () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    new Progress().line('done');
    expect(write.mock.calls.flat().join()).toContain('done\n');
  } finally {
    write.mockRestore();
  }
});
