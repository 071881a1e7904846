import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Health } from '../../api-types.d.ts';
import { queries } from '../api/queries.ts';

const RUNNING_POLL_MS = 2_000;
/** Longer, because every open page sends these requests. */
const IDLE_POLL_MS = 60_000;

type Step = NonNullable<Health['lastRun']>['step'];

/** The steps of a run in their order, with the words that the page shows. */
const STEPS: { step: Step; words: string }[] = [
  { step: 'plan', words: 'planning' },
  { step: 'ingest', words: 'loading prices' },
  { step: 'features', words: 'computing indicators' },
  { step: 'infer', words: 'running the model' },
  { step: 'publish', words: 'publishing' },
];

/** Shows the progress of a pipeline run, and refetches recommendations and prices when it finishes. */
export function RunIndicator() {
  const client = useQueryClient();
  const { data } = useQuery({
    ...queries.health(),
    refetchInterval: ({ state }) =>
      state.data?.lastRun?.status === 'running' ? RUNNING_POLL_MS : IDLE_POLL_MS,
  });
  const run = data?.lastRun;
  const status = run?.status;
  // A short run may start and finish between two polls, so the id counts as well as the status.
  const state = run ? `${run.id} ${run.status}` : undefined;
  const previous = useRef(state);
  useEffect(() => {
    if (previous.current !== undefined && previous.current !== state && status !== 'running') {
      void client.invalidateQueries({ queryKey: ['recommendations'] });
      void client.invalidateQueries({ queryKey: ['bars'] });
    }
    previous.current = state;
  }, [state, status, client]);
  const stepIndex = status === 'running' ? STEPS.findIndex(({ step }) => step === run?.step) : -1;
  return (
    <div className="run-indicator" role="status">
      {stepIndex >= 0 && (
        <span className="run-words">
          Updating<span className="run-what"> recommendations</span>: {STEPS[stepIndex]?.words}
          <span className="run-track" aria-hidden="true">
            <span className="run-fill" style={{ width: `${((stepIndex + 0.5) / STEPS.length) * 100}%` }} />
          </span>
        </span>
      )}
    </div>
  );
}
