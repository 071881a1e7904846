import { Button } from 'react-aria-components/Button';
import type { Profile } from '../api/profiles.ts';
import { DayField } from '../ui/DayField.tsx';
import { Choice } from '../ui/fields.tsx';
import { ProfileAndCall } from '../ui/ProfileAndCall.tsx';
import { KINDS, type Kind, type RecordFilters, withoutFilters } from './filters.ts';

const ANY = '*';

const KIND_OPTIONS: Record<Kind, string> = {
  live: 'Live calls',
  backdated: 'Backdated calls',
  hindsight: 'Calls with hindsight',
  sample: 'Sample calls',
};

/** The controls that choose which calls the track record shows. */
export function FilterBar({
  filters,
  profile,
  models,
  onChange,
  onShow,
}: {
  filters: RecordFilters;
  profile: Profile;
  /** Versions that made calls of this kind in these days. */
  models: readonly string[];
  onChange: (change: Partial<RecordFilters>) => void;
  /** Shows other filters in place of these. */
  onShow: (filters: RecordFilters) => void;
}) {
  const { label, model, kind, from, to } = filters;
  const versions = [...new Set([...(model === undefined ? [] : [model]), ...models])];
  const isFiltered = [label, model, kind, from, to].some((value) => value !== undefined);
  return (
    <search className="filters" aria-label="Filters">
      <ProfileAndCall profile={profile} label={label} onChange={onChange} />
      <div className="filters-row record-filters">
        <Choice
          label="Kind of calls"
          options={KINDS.map((value) => ({ value, label: KIND_OPTIONS[value] }))}
          value={kind ?? 'live'}
          onChange={(chosen) => onChange({ kind: chosen === 'live' ? undefined : chosen })}
        />
        <Choice
          label="Model"
          options={[
            { value: ANY, label: 'All models' },
            ...versions.map((value) => ({ value, label: value })),
          ]}
          value={model ?? ANY}
          onChange={(chosen) => onChange({ model: chosen === ANY ? undefined : chosen })}
        />
        <DayField label="First day" value={from} onChange={(day) => onChange({ from: day })} />
        <DayField label="Last day" value={to} onChange={(day) => onChange({ to: day })} />
        {isFiltered && (
          <Button
            className="button button-quiet filters-clear"
            onPress={() => onShow(withoutFilters(filters))}
          >
            Clear filters
          </Button>
        )}
      </div>
    </search>
  );
}
