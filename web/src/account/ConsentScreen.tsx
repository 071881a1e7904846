import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import type { ConsentText } from '../../api-types.d.ts';
import { api } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { Check } from '../ui/Check.tsx';
import { day } from '../ui/format.ts';
import { Prose } from '../ui/Prose.tsx';
import { Failure, Loaded } from '../ui/states.tsx';

/** The risk notice, which a user accepts before the first recommendation. */
export default function ConsentScreen() {
  const text = useQuery(queries.consentText());
  return (
    <section className="consent">
      <title>Risk notice · Boursomatic</title>
      <h1 className="visually-hidden">Risk notice</h1>
      <Loaded query={text} what="the risk notice" rows={8}>
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
      // The user has scrolled to the end of a long text; the list that replaces it starts at the top.
      scrollTo(0, 0);
    },
    // The current text may have changed while the user read this one.
    onError: () => client.invalidateQueries({ queryKey: ['consent'] }),
  });
  return (
    <>
      <Prose text={consent.text} />
      <div className="consent-accept">
        <Check isChecked={isRead} onChange={setRead}>
          I have read and understood this notice.
        </Check>
        {accept.isError && <Failure error={accept.error} />}
        <Button
          className="button button-primary"
          isDisabled={!isRead}
          isPending={accept.isPending}
          onPress={() => accept.mutate()}
        >
          {accept.isPending ? 'Saving…' : 'Accept and see the recommendations'}
        </Button>
        <p className="muted">
          Version of {day(consent.version)}. You can withdraw your consent in the settings at any time.
        </p>
      </div>
    </>
  );
}
