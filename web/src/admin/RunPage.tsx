import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import type { RunDetail } from '../../api-types.d.ts';
import { ApiError } from '../api/problem.ts';
import { day, duration, moment } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { Loaded, Note } from '../ui/states.tsx';
import { Failures } from './Failures.tsx';
import { adminQueries, LIVE_MS } from './pages.ts';
import { RunStatus } from './RunStatus.tsx';
import { Steps } from './Steps.tsx';

/** One run: how far it is, what failed in it and why. */
export function Component() {
  const { id = '' } = useParams();
  const query = useQuery({
    ...adminQueries.run(id),
    // A run that was just started is in the ledger a moment later.
    retry: (count, error) => count < 10 && error instanceof ApiError && error.status === 404,
    retryDelay: LIVE_MS / 2,
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? LIVE_MS : false),
  });
  return (
    <>
      <title>Run · Boursomatic</title>
      <Link className="back-link" to="/admin/runs">
        <Icon name="back" />
        All runs
      </Link>
      <Loaded query={query} what="the run">
        {(run) => <Detail run={run} />}
      </Loaded>
    </>
  );
}

function Detail({ run }: { run: RunDetail }) {
  return (
    <>
      <section className="panel">
        <div className="panel-head">
          <h2>Run of {moment(run.startedAt)}</h2>
          <RunStatus status={run.status} />
        </div>
        {run.error && (
          <Note kind="error" title="It failed">
            <p>{run.error}</p>
          </Note>
        )}
        <Steps run={run} />
        <dl className="facts">
          <Fact name="Id" value={<code>{run.id}</code>} />
          <Fact name="Input" value={<code>{JSON.stringify(run.input)}</code>} />
          <Fact name="Provider" value={run.provider ?? '–'} />
          <Fact name="As of" value={run.asOf ? day(run.asOf) : '–'} />
          <Fact name="Model" value={run.modelVersion ?? 'not yet'} />
          <Fact
            name="Took"
            value={run.durationSeconds === null ? 'still going' : duration(run.durationSeconds)}
          />
        </dl>
      </section>
      <Failures run={run} />
    </>
  );
}

function Fact({ name, value }: { name: string; value: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
