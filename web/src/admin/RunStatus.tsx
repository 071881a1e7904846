import type { Run } from '../../api-types.d.ts';

const WORDS: Record<Run['status'], { word: string; mark: string }> = {
  running: { word: 'Running', mark: '◔' },
  succeeded: { word: 'Succeeded', mark: '✓' },
  partial: { word: 'Partial', mark: '◑' },
  failed: { word: 'Failed', mark: '✗' },
};

/** A run's status as a word, a mark and a colour. */
export function RunStatus({ status }: { status: Run['status'] }) {
  const { word, mark } = WORDS[status];
  return (
    <span className={`status status-${status}`}>
      <span aria-hidden="true">{mark}</span> {word}
    </span>
  );
}
