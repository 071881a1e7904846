import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Checkbox } from 'react-aria-components/Checkbox';
import type { ConsentText } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { Icon } from '../ui/Icon.tsx';
import { Prose } from '../ui/Prose.tsx';
import { Failure, Loaded } from '../ui/states.tsx';

/** What has to be read and accepted before the first recommendation. */
export function ConsentScreen() {
  const text = useQuery(queries.consentText());
  return (
    <section className="consent">
      <title>Before you start · Boursomatic</title>
      <h1 className="visually-hidden">Risk consent</h1>
      <Loaded query={text} what="the risk consent" rows={8}>
        {(consent) => <ConsentForm consent={consent} />}
      </Loaded>
    </section>
  );
}

function ConsentForm({ consent }: { consent: ConsentText }) {
  const client = useQueryClient();
  const [isRead, setRead] = useState(false);
  const accept = useMutation({
    mutationFn: () => api('POST /v1/me/consent', { body: { version: consent.version } }),
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: ['me'] }),
        client.invalidateQueries({ queryKey: ['consents'] }),
      ]);
      // The list takes the place of the end of a long text: whoever reads it begins at the top.
      scrollTo(0, 0);
    },
    // Another text may have become current while this one was read.
    onError: () => client.invalidateQueries({ queryKey: ['consent'] }),
  });
  return (
    <>
      <Prose text={consent.text} />
      <div className="consent-accept">
        <Checkbox className="checkbox" isSelected={isRead} onChange={setRead}>
          <span className="checkbox-box">
            <Icon name="check" />
          </span>
          I have read this and understood it.
        </Checkbox>
        {accept.isError && <Failure error={accept.error} />}
        <Button
          className="button button-primary"
          isDisabled={!isRead}
          isPending={accept.isPending}
          onPress={() => accept.mutate()}
        >
          {accept.isPending ? 'Noting it…' : 'Accept and see the recommendations'}
        </Button>
        <p className="muted">Text of {consent.version}. You can withdraw at any time in the settings.</p>
      </div>
    </>
  );
}
