import { ProgressBar } from 'react-aria-components/ProgressBar';
import type { RunDetail } from '../../api-types.d.ts';
import { count } from '../ui/format.ts';

/** How far a run is, by what it has written. */
export function Steps({ run }: { run: RunDetail }) {
  const { instruments, bars, features, recommendations } = run.counts;
  const isRunning = run.status === 'running';
  const steps = [
    { name: 'Planned', words: count(instruments, 'stock'), isBegun: instruments > 0 },
    { name: 'Bars', words: `${count(bars, 'bar')} written`, isBegun: bars > 0 },
    { name: 'Features', words: `${count(features, 'row')} written`, isBegun: features > 0 },
    { name: 'Model', words: run.modelVersion ?? 'waiting', isBegun: run.modelVersion !== null },
    { name: 'Published', words: `${count(recommendations, 'call')} written`, isBegun: recommendations > 0 },
  ];
  const reached = isRunning ? steps.findLastIndex(({ isBegun }) => isBegun) : steps.length;
  return (
    <>
      {isRunning && (
        <ProgressBar className="progress" isIndeterminate aria-label="The run is going">
          <span className="progress-track">
            <span className="progress-fill" />
          </span>
        </ProgressBar>
      )}
      <ol className="steps" aria-live="polite">
        {steps.map(({ name, words }, at) => {
          const isDone = run.status === 'succeeded' || at < reached;
          const isNow = isRunning && at === Math.max(reached, 0);
          return (
            <li key={name} className={isDone ? 'step-done' : isNow ? 'step-now' : ''}>
              <span className="step-name">{name}</span>
              <span className="step-words">{words}</span>
            </li>
          );
        })}
      </ol>
    </>
  );
}
