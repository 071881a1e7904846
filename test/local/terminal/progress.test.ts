import { WriteStream } from 'node:tty';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Progress } from '../../../local/terminal/progress.ts';

/** A stream, terminal or not, that records what is written. */
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

describe('Progress on a terminal', () => {
  test('rewrites the line with every update', () => {
    const { out, written } = stream(true);
    const progress = new Progress(out);
    progress.update('one');
    progress.update('two');
    expect(written).toEqual(['\r\x1b[2Kone', '\r\x1b[2Ktwo']);
  });

  test('replaces the update with a line that stays', () => {
    const { out, written } = stream(true);
    const progress = new Progress(out);
    progress.update('working');
    progress.line('done');
    expect(written.at(-1)).toBe('\r\x1b[2Kdone\n');
  });
});

describe('Progress without a terminal', () => {
  test('prints updates as lines, at most one every two seconds', () => {
    const { out, written } = stream(false);
    const progress = new Progress(out);
    progress.update('one');
    vi.advanceTimersByTime(2000);
    progress.update('two');
    vi.advanceTimersByTime(1);
    progress.update('three');
    expect(written).toEqual(['one\n', 'three\n']);
  });

  test('prints all lines that stay, without control characters, and delays the next update', () => {
    const { out, written } = stream(false);
    const progress = new Progress(out);
    progress.line('one');
    progress.line('two');
    progress.update('three');
    expect(written).toEqual(['one\n', 'two\n']);
  });
});

test('writes to standard error by default', () => {
  const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    new Progress().line('done');
    expect(write.mock.calls.flat().join()).toContain('done\n');
  } finally {
    write.mockRestore();
  }
});
