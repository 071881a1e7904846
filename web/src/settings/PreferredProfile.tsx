import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Label } from 'react-aria-components/Label';
import { Radio, RadioGroup } from 'react-aria-components/RadioGroup';
import { api } from '../api/client.ts';
import { PROFILE_WORDS, PROFILES, type Profile } from '../api/profiles.ts';
import { queries } from '../api/queries.ts';
import { Failure, Note } from '../ui/states.tsx';

/** The profile that the list shows unless its URL names another. */
export function PreferredProfile({ preferred }: { preferred: Profile }) {
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (preferredProfile: Profile) => api('PATCH /v1/me/settings', { body: { preferredProfile } }),
    onSuccess: (settings) => {
      client.setQueryData(queries.me().queryKey, (me) => me && { ...me, ...settings });
      return client.invalidateQueries({ queryKey: ['recommendations', 'list'] });
    },
  });
  return (
    <section className="panel" id="profile">
      <h2>Risk profile</h2>
      <RadioGroup
        className="choices"
        value={save.isPending ? save.variables : preferred}
        onChange={(profile) => save.mutate(profile as Profile)}
      >
        <Label>The list opens with this profile. You can switch to another there.</Label>
        {PROFILES.map((profile) => (
          <Radio key={profile} value={profile} className="choice">
            <span className="choice-mark" />
            <span>
              <span className="choice-name">{PROFILE_WORDS[profile].name}</span>
              <span className="choice-short">{PROFILE_WORDS[profile].short}</span>
              <span className="choice-long">{PROFILE_WORDS[profile].long}</span>
            </span>
          </Radio>
        ))}
      </RadioGroup>
      {save.isError && <Failure error={save.error} onRetry={() => save.mutate(save.variables)} />}
      {save.isSuccess && <Note kind="success">Saved.</Note>}
    </section>
  );
}
