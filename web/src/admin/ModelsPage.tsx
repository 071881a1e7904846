import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ModelActivation, ModelSummary } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import { ApiError } from '../api/problem.ts';
import { queries } from '../api/queries.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { Field } from '../ui/fields.tsx';
import { count, moment, share } from '../ui/format.ts';
import { Loaded, Note } from '../ui/states.tsx';

/** Which model is used, and which could be. */
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
        <Confirm
          trigger="Roll back…"
          title="Go back to the model before?"
          action="Roll back"
          onConfirm={() => activate.mutateAsync(() => api('POST /v1/admin/models/rollback', { body: {} }))}
        >
          <p>The version that the active one replaced makes the recommendations from the next run on.</p>
        </Confirm>
      </div>
      {activate.data && (
        <Note kind="success">
          {activate.data.changed
            ? `${activate.data.version} is active now${activate.data.previous ? `, in place of ${activate.data.previous}` : ''}.`
            : `${activate.data.version} was active already.`}
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
          {model.precision !== null && ` · precision ${share(model.precision)}`}
          {model.f1 !== null && ` · F1 ${share(model.f1)}`}
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
          <p>It has to pass the gate, and makes the recommendations from the next run on.</p>
          {isRefused && (
            <Field
              label="Promote all the same, because"
              value={force}
              onChange={setForce}
              hint="The reason is written down."
            />
          )}
        </Confirm>
      )}
    </li>
  );
}
