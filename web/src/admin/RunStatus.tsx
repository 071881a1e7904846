import type { Run } from '../../api-types.d.ts';

const WORDS: Record<Run['status'], { word: string; mark: string }> = {
  running: { word: 'Running', mark: '◔' },
  succeeded: { word: 'Succeeded', mark: '✓' },
  failed: { word: 'Failed', mark: '✗' },
};

/** How a run stands, by word, mark and colour. */
export function RunStatus({ status }: { status: Run['status'] }) {
  const { word, mark } = WORDS[status];
  return (
    <span className={`status status-${status}`}>
      <span aria-hidden="true">{mark}</span> {word}
    </span>
  );
}
