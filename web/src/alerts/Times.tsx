import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Form } from 'react-aria-components/Form';
import type { AlertSettings } from '../../api-types.d.ts';
import { useFormProblems } from '../account/form-problems.ts';
import { api } from '../api/client.ts';
import { Check } from '../ui/Check.tsx';
import { Field } from '../ui/fields.tsx';
import { Failure, Note } from '../ui/states.tsx';
import { alertQueries } from './queries.ts';
import { TimeZoneField } from './TimeZoneField.tsx';
import { timeIn } from './time-zones.ts';

const PROPOSED = { quietFrom: '22:00', quietTo: '07:00' };

/** The time zone of summaries, and the hours without messages. */
export function Times({ settings }: { settings: AlertSettings }) {
  const client = useQueryClient();
  const [draft, setDraft] = useState(settings);
  const { timeZone, quietFrom, quietTo } = draft;
  const save = useMutation({
    mutationFn: () => api('PATCH /v1/me/alerts/settings', { body: { timeZone, quietFrom, quietTo } }),
    onSuccess: (saved) => client.setQueryData(alertQueries.settings().queryKey, saved),
  });
  const { problems, hasOtherError } = useFormProblems(save);
  const change = (part: Partial<AlertSettings>) => {
    setDraft({ ...draft, ...part });
    if (!save.isIdle) save.reset();
  };
  const now = timeIn(timeZone, Date.now());
  return (
    <Form
      className="form form-narrow"
      validationErrors={problems}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <TimeZoneField
        value={timeZone}
        onChange={(zone) => change({ timeZone: zone })}
        {...(now && { hint: `It is ${now} there now.` })}
      />
      <Check
        isChecked={quietFrom !== null}
        onChange={(isQuiet) => change(isQuiet ? PROPOSED : { quietFrom: null, quietTo: null })}
      >
        Send nothing during quiet hours
      </Check>
      {quietFrom !== null && (
        <div className="times">
          <Field
            name="quietFrom"
            label="From"
            type="time"
            isRequired
            value={quietFrom}
            onChange={(time) => change({ quietFrom: time })}
          />
          <Field
            name="quietTo"
            label="Until"
            type="time"
            isRequired
            value={quietTo ?? ''}
            onChange={(time) => change({ quietTo: time })}
          />
          <p className="muted">Messages wait until the quiet hours end.</p>
        </div>
      )}
      {hasOtherError && <Failure error={save.error} />}
      {save.isSuccess && <Note kind="success">Saved.</Note>}
      <div>
        <Button type="submit" className="button" isPending={save.isPending}>
          Save times
        </Button>
      </div>
    </Form>
  );
}
