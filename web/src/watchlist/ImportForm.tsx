import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Button } from 'react-aria-components/Button';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import { Form } from 'react-aria-components/Form';
import { Label } from 'react-aria-components/Label';
import { Text } from 'react-aria-components/Text';
import { TextArea } from 'react-aria-components/TextArea';
import { TextField } from 'react-aria-components/TextField';
import { api } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { Failure, Note } from '../ui/states.tsx';
import { ImportResult } from './ImportResult.tsx';

/** The longest text that fits into a request, in bytes. */
const LONGEST_BYTES = 60_000;

/** The form of the import. */
export default function ImportForm({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const client = useQueryClient();
  const run = useMutation({
    mutationFn: () => api('POST /v1/me/watchlist/import', { body: { text } }),
    onSuccess: ({ items }) => {
      // The rest can be tried again by another press.
      setText(items.flatMap(({ symbol, outcome }) => (outcome === 'not_tried' ? [symbol] : [])).join(', '));
      void client.invalidateQueries({ queryKey: queries.watchlist().queryKey });
      void client.invalidateQueries({ queryKey: ['recommendations', 'list'] });
    },
  });
  const isTooLong = new Blob([text]).size > LONGEST_BYTES;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() && !isTooLong) run.mutate();
  };
  return (
    <Form className="form" onSubmit={submit}>
      <TextField className="field" value={text} onChange={setText} autoFocus>
        <Label>Symbols, or the content of a CSV file</Label>
        <TextArea rows={5} placeholder="AAPL, MSFT, BRK-B" />
        <Text slot="description">
          Up to 500 symbols, separated by commas, semicolons, tabs or lines. A CSV file needs a column named
          symbol or ticker, and may have one named note.
        </Text>
      </TextField>
      <FileTrigger
        acceptedFileTypes={['.csv', '.txt', 'text/csv', 'text/plain']}
        onSelect={async (files) => {
          const file = files?.item(0);
          if (file) setText(await file.slice(0, 10 * LONGEST_BYTES).text());
        }}
      >
        <Button className="button">Choose a file</Button>
      </FileTrigger>
      {isTooLong && (
        <Note kind="error" title="This list is too long">
          <p>Nothing was imported. One import takes up to 500 symbols: split the list.</p>
        </Note>
      )}
      {run.isError && <Failure error={run.error} />}
      {run.data && <ImportResult items={run.data.items} />}
      <div className="dialog-actions">
        <Button className="button" onPress={onClose}>
          {run.data ? 'Close' : 'Cancel'}
        </Button>
        <Button
          type="submit"
          className="button button-primary"
          isPending={run.isPending}
          isDisabled={!text.trim() || isTooLong}
        >
          Follow these stocks
        </Button>
      </div>
    </Form>
  );
}
