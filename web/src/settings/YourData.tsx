import { useMutation } from '@tanstack/react-query';
import { Button } from 'react-aria-components/Button';
import { api, session } from '../api/client.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { saveAs } from '../ui/save-as.ts';
import { Failure } from '../ui/states.tsx';

/** The export of the user's data, and the deletion of the account. */
export function YourData({ email }: { email: string }) {
  const download = useMutation({
    mutationFn: () => api('GET /v1/me/export', {}),
    onSuccess: (data) => saveAs('boursomatic-export.json', JSON.stringify(data, null, 2), 'application/json'),
  });
  return (
    <section className="panel" id="data">
      <h2>Your data</h2>
      <p>
        Download everything that the service stores about you as a JSON file. Only your password and the keys
        of two-step sign-in are left out.
      </p>
      <Button className="button" isPending={download.isPending} onPress={() => download.mutate()}>
        Download my data
      </Button>
      {download.isError && <Failure error={download.error} />}
      <h3>Delete your account</h3>
      <p>
        You will be signed out everywhere and can no longer sign in as {email}. Your personal data is erased
        after 30 days.
      </p>
      <Confirm
        trigger="Delete my account…"
        title="Delete your account?"
        action="Delete my account"
        onConfirm={async () => {
          await api('DELETE /v1/me', {});
          session.leave('/sign-in');
        }}
      >
        <p>You cannot undo this yourself. For 30 days, an administrator can restore the account.</p>
      </Confirm>
    </section>
  );
}
