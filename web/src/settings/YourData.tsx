import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { api, session } from '../api/client.ts';
import { Confirm } from '../ui/Confirm.tsx';
import { Field } from '../ui/fields.tsx';
import { Failure } from '../ui/states.tsx';

/** All that is kept about the user: to take away, or to end. */
export function YourData({ email }: { email: string }) {
  const [password, setPassword] = useState('');
  const download = useMutation({
    mutationFn: () => api('GET /v1/me/export', {}),
    onSuccess: (data) => save(JSON.stringify(data, null, 2), 'boursomatic-export.json'),
  });
  return (
    <section className="panel" id="data">
      <h2>Your data</h2>
      <p>Everything that is kept about you, but the hash of your password, as one JSON file.</p>
      <Button className="button" isPending={download.isPending} onPress={() => download.mutate()}>
        Download my data
      </Button>
      {download.isError && <Failure error={download.error} />}
      <h3>Delete the account</h3>
      <p>You are signed out everywhere, and nobody can sign in as {email} again.</p>
      <Confirm
        trigger="Delete my account…"
        title="Delete your account?"
        action="Delete my account"
        onConfirm={async () => {
          await api('DELETE /v1/me', { body: { password } });
          session.leave('/sign-in');
        }}
      >
        <p>This cannot be taken back by you. Write your password to go on.</p>
        <Field
          label="Password"
          type="password"
          autoComplete="current-password"
          isRequired
          value={password}
          onChange={setPassword}
        />
      </Confirm>
    </section>
  );
}

/** Has the browser keep a text as a file. */
function save(text: string, name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
}
