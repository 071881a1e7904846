import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { Link, useParams } from 'react-router';
import type { RunDetail } from '../../api-types.d.ts';
import { ApiError } from '../api/problem.ts';
import { defined } from '../defined.ts';
import { day, duration, moment } from '../ui/format.ts';
import { Icon } from '../ui/Icon.tsx';
import { Loaded, Note } from '../ui/states.tsx';
import { Failures } from './Failures.tsx';
import { adminQueries, POLL_MS } from './queries.ts';
import { RunStatus } from './RunStatus.tsx';
import { Steps } from './Steps.tsx';

/** One run: its progress, and its failures with the reasons. */
export function Component() {
  const id = defined(useParams().id, 'id of the run in the route');
  const query = useQuery({
    ...adminQueries.run(id),
    // A run appears in the ledger a moment after it was started.
    retry: (count, error) => count < 10 && error instanceof ApiError && error.status === 404,
    retryDelay: POLL_MS / 2,
    refetchInterval: ({ state }) => (state.data?.status === 'running' ? POLL_MS : false),
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
        {run.error && <Problem status={run.status} text={run.error} />}
        <Steps run={run} />
        <dl className="facts">
          <Fact name="Run ID" value={<code>{run.id}</code>} />
          <Fact name="Input" value={<code>{JSON.stringify(run.input)}</code>} />
          <Fact name="Provider" value={run.provider ?? '–'} />
          <Fact name="As of" value={run.asOf ? day(run.asOf) : '–'} />
          <Fact name="Model" value={run.modelVersion ?? 'not chosen yet'} />
          <Fact
            name="Duration"
            value={run.durationSeconds === null ? 'still running' : duration(run.durationSeconds)}
          />
        </dl>
      </section>
      <Failures run={run} />
    </>
  );
}

function Problem({ status, text }: { status: RunDetail['status']; text: string }) {
  if (status !== 'partial') {
    return (
      <Note kind="error" title="This run failed">
        <p>{text}</p>
      </Note>
    );
  }
  return (
    <Note kind="warning" title="This run updated only some stocks">
      <p>{text}</p>
      <p>The other stocks have new calls. Those that failed keep their last call, with its date.</p>
    </Note>
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
