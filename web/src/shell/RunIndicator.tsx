import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Health } from '../../api-types.d.ts';
import { queries } from '../api/queries.ts';

const WHILE_RUNNING_MS = 2_000;
/** Each time costs the service a request, for as long as a page is open. */
const OTHERWISE_MS = 60_000;

type Step = NonNullable<Health['lastRun']>['step'];

/** What a run is doing, in a reader's words, in the order in which it does it. */
const STEPS: { step: Step; words: string }[] = [
  { step: 'plan', words: 'planning' },
  { step: 'ingest', words: 'reading prices' },
  { step: 'features', words: 'computing' },
  { step: 'infer', words: 'asking the model' },
  { step: 'publish', words: 'publishing' },
];

/** Says that a run of the pipeline is going, and has what is shown loaded again when it is over. */
export function RunIndicator() {
  const client = useQueryClient();
  const { data } = useQuery({
    ...queries.health(),
    refetchInterval: ({ state }) =>
      state.data?.lastRun?.status === 'running' ? WHILE_RUNNING_MS : OTHERWISE_MS,
  });
  const run = data?.lastRun;
  const status = run?.status;
  // A short run may be over before it was ever seen to go.
  const state = run ? `${run.id} ${run.status}` : undefined;
  const before = useRef(state);
  useEffect(() => {
    if (before.current !== undefined && before.current !== state && status !== 'running') {
      void client.invalidateQueries({ queryKey: ['recommendations'] });
      void client.invalidateQueries({ queryKey: ['bars'] });
    }
    before.current = state;
  }, [state, status, client]);
  const at = status === 'running' ? STEPS.findIndex(({ step }) => step === run?.step) : -1;
  return (
    <div className="run-indicator" role="status">
      {at >= 0 && (
        <span className="run-words">
          Updating<span className="run-what"> recommendations</span>: {STEPS[at]?.words}
          <span className="run-track" aria-hidden="true">
            <span className="run-fill" style={{ width: `${((at + 0.5) / STEPS.length) * 100}%` }} />
          </span>
        </span>
      )}
    </div>
  );
}
