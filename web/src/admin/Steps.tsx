import { ProgressBar } from 'react-aria-components/ProgressBar';
import type { RunDetail } from '../../api-types.d.ts';
import { count } from '../ui/format.ts';

/** A run's steps, each with the count of what it has written. */
export function Steps({ run }: { run: RunDetail }) {
  const { instruments, bars, features, recommendations } = run.counts;
  const isRunning = run.status === 'running';
  const steps: { step: RunDetail['step']; name: string; words: string }[] = [
    { step: 'plan', name: 'Planned', words: count(instruments, 'stock') },
    { step: 'ingest', name: 'Bars', words: `${count(bars, 'bar')} written` },
    { step: 'features', name: 'Features', words: `${count(features, 'row')} written` },
    { step: 'infer', name: 'Model', words: run.modelVersion ?? 'waiting' },
    { step: 'publish', name: 'Published', words: `${count(recommendations, 'call')} written` },
  ];
  const reached = steps.findIndex(({ step }) => step === run.step);
  return (
    <>
      {isRunning && (
        <ProgressBar className="progress" isIndeterminate aria-label="Run in progress">
          <span className="progress-track">
            <span className="progress-fill" />
          </span>
        </ProgressBar>
      )}
      <ol className="steps" aria-live="polite">
        {steps.map(({ name, words }, index) => {
          const isDone = run.status === 'succeeded' || run.status === 'partial' || index < reached;
          const isCurrent = isRunning && index === reached;
          return (
            <li key={name} className={isDone ? 'step-done' : isCurrent ? 'step-now' : ''}>
              <span className="step-name">{name}</span>
              <span className="step-words">{words}</span>
            </li>
          );
        })}
      </ol>
    </>
  );
}
