import { useState } from 'react';
import { CheckboxGroup } from 'react-aria-components/CheckboxGroup';
import { Label } from 'react-aria-components/Label';
import type { AlertChannel, AlertRule } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import { PROFILE_WORDS, PROFILES } from '../api/profiles.ts';
import { Check } from '../ui/Check.tsx';
import { Confirm } from '../ui/Confirm.tsx';
import { Choice, Field, Segments } from '../ui/fields.tsx';
import { RULE_WORDS, WEEKDAYS } from './rule-words.ts';

const PREFERRED = '*';

const STOCKS = [
  { value: 'followed', label: 'Stocks that I follow' },
  { value: 'all', label: 'All stocks' },
] as const;

const FREQUENCIES = [
  { value: 'daily', label: 'Every day' },
  { value: 'weekly', label: 'Every week' },
] as const;

const PROFILE_OPTIONS = [
  { value: PREFERRED, label: 'My own profile, as set above' },
  ...PROFILES.map((value) => ({ value, label: PROFILE_WORDS[value].name })),
];

const WEEKDAY_OPTIONS = WEEKDAYS.map((label, at) => ({ value: String(at + 1), label }));

/** A button with a dialog that changes the details of a rule. */
export function EditRule({
  rule,
  channels,
  onSaved,
}: {
  rule: AlertRule;
  channels: readonly AlertChannel[];
  onSaved: () => Promise<unknown>;
}) {
  const [draft, setDraft] = useState(rule);
  const change = (part: Partial<AlertRule>) => setDraft({ ...draft, ...part });
  const sentence = RULE_WORDS[rule.kind][rule.scope];
  const { scope, profile, frequency, time, weekday, channelIds } = draft;
  return (
    <Confirm
      isQuiet
      isDanger={false}
      trigger={
        <>
          Change…<span className="visually-hidden"> “{sentence}”</span>
        </>
      }
      title={sentence}
      action="Save"
      onOpen={() => setDraft(rule)}
      onConfirm={async () => {
        await api('PATCH /v1/me/alerts/rules/{id}', {
          path: { id: rule.id },
          body: { scope, profile, channelIds, ...(frequency !== null && { frequency, time, weekday }) },
        });
        await onSaved();
      }}
    >
      <Segments
        label="Stocks"
        options={STOCKS}
        value={scope}
        onChange={(value) => change({ scope: value })}
      />
      <Choice
        label="Risk profile"
        options={PROFILE_OPTIONS}
        value={profile ?? PREFERRED}
        onChange={(value) => change({ profile: PROFILES.find((known) => known === value) ?? null })}
      />
      {frequency !== null && (
        <>
          <Segments
            label="How often"
            options={FREQUENCIES}
            value={frequency}
            onChange={(value) =>
              change({ frequency: value, weekday: value === 'weekly' ? (weekday ?? 1) : null })
            }
          />
          {weekday !== null && (
            <Choice
              label="Day"
              options={WEEKDAY_OPTIONS}
              value={String(weekday)}
              onChange={(value) => change({ weekday: Number(value) })}
            />
          )}
          <Field
            label="Time"
            type="time"
            isRequired
            value={time ?? ''}
            onChange={(value) => change({ time: value })}
            hint="In the time zone that you set below."
          />
        </>
      )}
      <Check
        isChecked={channelIds === null}
        onChange={(isAll) => change({ channelIds: isAll ? null : channels.map(({ id }) => id) })}
      >
        Send to all channels, also to those that I add later
      </Check>
      {channelIds !== null && (
        <CheckboxGroup className="checks" value={channelIds} onChange={(ids) => change({ channelIds: ids })}>
          <Label>Send to</Label>
          {channels.map(({ id, name }) => (
            <Check key={id} value={id}>
              {name}
            </Check>
          ))}
        </CheckboxGroup>
      )}
    </Confirm>
  );
}
