import { LABELS, type Label, PROFILE_WORDS, PROFILES, type Profile } from '../api/profiles.ts';
import { CallBadge } from './CallBadge.tsx';
import { Segments } from './fields.tsx';

const ANY = '*';

/** The choices of a risk profile and of a call. Without a label, all calls are shown. */
export function ProfileAndCall({
  profile,
  label,
  onChange,
}: {
  profile: Profile;
  label: Label | undefined;
  onChange: (change: { profile: Profile } | { label: Label | undefined }) => void;
}) {
  return (
    <div className="filters-row">
      <Segments
        label="Risk profile"
        options={PROFILES.map((value) => ({ value, label: PROFILE_WORDS[value].name }))}
        value={profile}
        onChange={(chosen) => onChange({ profile: chosen })}
      />
      <Segments
        label="Call"
        options={[
          { value: ANY, label: 'All' },
          ...LABELS.map((value) => ({ value, label: <CallBadge label={value} /> })),
        ]}
        value={label ?? ANY}
        onChange={(chosen) => onChange({ label: chosen === ANY ? undefined : chosen })}
      />
    </div>
  );
}
