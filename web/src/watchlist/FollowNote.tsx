import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { Form } from 'react-aria-components/Form';
import { api } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { Field } from '../ui/fields.tsx';
import { Failure } from '../ui/states.tsx';
import { useFollowed } from './useWatchlist.ts';

/** The longest note, in characters. */
const LONGEST_NOTE = 200;

/** The user's note about a stock that they follow, which they can change. */
export function FollowNote({ symbol }: { symbol: string }) {
  const entry = useFollowed()?.get(symbol);
  const [draft, setDraft] = useState<string>();
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (note: string) =>
      api('PUT /v1/me/watchlist/{symbol}', { path: { symbol }, body: { note: note.trim() || null } }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: queries.watchlist().queryKey });
      setDraft(undefined);
    },
  });
  if (!entry) return null;
  if (draft === undefined)
    return (
      <p className="follow-note">
        {entry.note && <span>{entry.note}</span>}
        <Button className="button button-quiet button-small" onPress={() => setDraft(entry.note ?? '')}>
          {entry.note ? 'Edit note' : 'Add a note'}
        </Button>
      </p>
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(draft);
  };
  return (
    <Form className="form follow-note-form" onSubmit={submit}>
      <Field
        label={`Note about ${symbol}`}
        value={draft}
        onChange={setDraft}
        maxLength={LONGEST_NOTE}
        autoFocus
      />
      <Button type="submit" className="button button-primary" isPending={save.isPending}>
        Save note
      </Button>
      <Button className="button" onPress={() => setDraft(undefined)}>
        Cancel
      </Button>
      {save.isError && <Failure error={save.error} />}
    </Form>
  );
}
