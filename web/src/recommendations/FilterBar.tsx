import { useQuery } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { Disclosure, DisclosurePanel } from 'react-aria-components/Disclosure';
import type { Profile } from '../api/profiles.ts';
import { queries } from '../api/queries.ts';
import { Choice } from '../ui/fields.tsx';
import { Icon } from '../ui/Icon.tsx';
import { ProfileAndCall } from '../ui/ProfileAndCall.tsx';
import { SearchBox } from '../ui/SearchBox.tsx';
import { useMedia } from '../ui/useMedia.ts';
import { ConfidenceSlider } from './ConfidenceSlider.tsx';
import { type Filters, hasFilters, SORTS, withoutFilters } from './filters.ts';

const ANY = '*';

/** On narrower screens, the filters would fill the screen and are collapsed. */
const HAS_ROOM = '(min-width: 48rem)';

/** The controls that filter and sort the list. */
export function FilterBar({
  filters,
  profile,
  onChange,
}: {
  filters: Filters;
  profile: Profile;
  onChange: (change: Partial<Filters>) => void;
}) {
  const hasRoom = useMedia(HAS_ROOM);
  const { data: facets } = useQuery(queries.facets());
  const known = (facets?.sectors ?? []).map(({ value, instruments }) => ({
    value,
    label: `${value} (${instruments})`,
  }));
  const { sector } = filters;
  // A link may name a sector that no longer exists. It stays selectable, so that the control shows it.
  const isUnknown = sector !== undefined && !known.some(({ value }) => value === sector);
  const sectors = isUnknown ? [...known, { value: sector, label: sector }] : known;
  const fields = (
    <div className="filters-row filters-fields">
      <SearchBox value={filters.search ?? ''} onChange={(text) => onChange({ search: text || undefined })} />
      <Choice
        label="Sector"
        options={[{ value: ANY, label: 'All sectors' }, ...sectors]}
        value={sector ?? ANY}
        onChange={(chosen) => onChange({ sector: chosen === ANY ? undefined : chosen })}
      />
      <ConfidenceSlider
        value={filters.minConfidence ?? 0}
        onChange={(value) => onChange({ minConfidence: value || undefined })}
      />
      <Choice
        label="Sort by"
        options={SORTS}
        value={filters.sort}
        onChange={(sort) => onChange({ sort })}
        className="filters-order"
      />
      {hasFilters(filters) && (
        <Button
          className="button button-quiet filters-clear"
          onPress={() => onChange(withoutFilters(filters))}
        >
          Clear filters
        </Button>
      )}
    </div>
  );
  return (
    <search className="filters" aria-label="Filters">
      <ProfileAndCall profile={profile} label={filters.label} onChange={onChange} />
      {hasRoom ? (
        fields
      ) : (
        <Disclosure className="disclosure" defaultExpanded={hasFilters(filters)}>
          <Button slot="trigger" className="disclosure-button">
            <Icon name="next" />
            Search, sector, confidence, sorting
          </Button>
          <DisclosurePanel className="filters-panel">{fields}</DisclosurePanel>
        </Disclosure>
      )}
    </search>
  );
}
