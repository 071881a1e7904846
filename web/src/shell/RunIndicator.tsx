import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { queries } from '../api/queries.ts';

const WHILE_RUNNING_MS = 2_000;
const OTHERWISE_MS = 20_000;

/** Says that a run of the pipeline is going, and has what is shown loaded again when it is over. */
export function RunIndicator() {
  const client = useQueryClient();
  const { data } = useQuery({
    ...queries.health(),
    refetchInterval: ({ state }) =>
      state.data?.lastRun?.status === 'running' ? WHILE_RUNNING_MS : OTHERWISE_MS,
  });
  const status = data?.lastRun?.status;
  const before = useRef(status);
  useEffect(() => {
    if (before.current === 'running' && status !== 'running') {
      void client.invalidateQueries({ queryKey: ['recommendations'] });
      void client.invalidateQueries({ queryKey: ['bars'] });
    }
    before.current = status;
  }, [status, client]);
  return (
    <div className="run-indicator" role="status">
      {status === 'running' && (
        <>
          <span className="pulse" aria-hidden="true" />
          <span className="run-words">Updating recommendations…</span>
        </>
      )}
    </div>
  );
}
