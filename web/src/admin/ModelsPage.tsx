import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ModelActivation, ModelSummary } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import { ApiError } from '../api/problem.ts';
import { queries } from '../api/queries.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { Field } from '../ui/fields.tsx';
import { count, day, moment, share } from '../ui/format.ts';
import { Loaded, Note } from '../ui/states.tsx';

/** The registered model versions: promotes one, or rolls back. */
export function Component() {
  const query = useQuery(queries.models());
  const client = useQueryClient();
  const activate = useMutation({
    mutationFn: (work: () => Promise<ModelActivation>) => work(),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['models'] }),
        client.invalidateQueries({ queryKey: ['health'] }),
      ]),
  });
  return (
    <section className="panel">
      <title>Models · Boursomatic</title>
      <div className="panel-head">
        <h2>Models</h2>
        {query.data && query.data.items.length > 1 && (
          <Confirm
            trigger="Roll back…"
            title="Roll back to the previous model?"
            action="Roll back"
            onConfirm={() => activate.mutateAsync(() => api('POST /v1/admin/models/rollback', { body: {} }))}
          >
            <p>From the next run on, the version that was active before makes the recommendations.</p>
          </Confirm>
        )}
      </div>
      {activate.data && (
        <Note kind="success">
          {activate.data.changed
            ? `${activate.data.version} is now active${activate.data.previous ? ` and replaces ${activate.data.previous}` : ''}.`
            : `${activate.data.version} was already active.`}
        </Note>
      )}
      <Loaded query={query} what="the models" rows={3}>
        {({ items }) => (
          <ul className="rows">
            {items.map((model) => (
              <Model key={model.version} model={model} onActivate={(work) => activate.mutateAsync(work)} />
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}

function Model({
  model,
  onActivate,
}: {
  model: ModelSummary;
  onActivate: (work: () => Promise<ModelActivation>) => Promise<unknown>;
}) {
  const [isRefused, setRefused] = useState(false);
  const [force, setForce] = useState('');
  const path = { version: model.version };
  const promote = async () => {
    try {
      await onActivate(() =>
        api('POST /v1/admin/models/{version}/promote', { path, body: force ? { force } : {} }),
      );
    } catch (error) {
      if (error instanceof ApiError && error.kind === 'gate-refused') setRefused(true);
      throw error;
    }
  };
  return (
    <li>
      <div>
        <p className="strong">
          {model.version}
          {model.isActive && <span className="tag">active</span>}
        </p>
        <p className="muted">
          Trained {moment(model.trainedAt)} · {count(model.recommendationsCount, 'recommendation')}
          {model.modelDataTo && ` · prices up to ${day(model.modelDataTo)}`}
          {model.precision === null ? ' · precision not measured' : ` · precision ${share(model.precision)}`}
          {model.f1 === null ? ' · F1 not measured' : ` · F1 ${share(model.f1)}`}
        </p>
      </div>
      {!model.isActive && (
        <Confirm
          trigger="Promote…"
          title={`Promote ${model.version}?`}
          action="Promote"
          isDanger={false}
          isQuiet
          onConfirm={promote}
        >
          <p>If it passes the gate, it makes the recommendations from the next run on.</p>
          {isRefused && (
            <Field
              label="Reason to promote it anyway"
              value={force}
              onChange={setForce}
              hint="The reason is recorded and shown on the model page."
            />
          )}
        </Confirm>
      )}
    </li>
  );
}
