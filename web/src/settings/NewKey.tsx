import { Button } from 'react-aria-components/Button';
import type { NewApiKey } from '../../api-types.d.ts';
import { CopyButton } from '../ui/CopyButton.tsx';
import { moment } from '../ui/format.ts';
import { Note } from '../ui/states.tsx';
import { StepTitle } from './StepTitle.tsx';

/** A new API key. The API shows it only once. */
export function NewKey({ made, onDone }: { made: NewApiKey; onDone: () => void }) {
  const example = `curl -H "Authorization: Bearer ${made.key}" ${location.origin}/v1/recommendations`;
  return (
    <>
      <StepTitle level={3}>Save your new API key</StepTitle>
      <Note kind="warning" title="You cannot see this key again">
        <p>
          Copy it now, and keep it like a password. Anyone who has it can read in your name
          {made.mayFollow && ' and change your watchlist'} until {moment(made.expiresAt)}, or until you revoke
          it.
        </p>
      </Note>
      <p className="secret">
        <code className="break">{made.key}</code>
        <CopyButton what="key" text={made.key} />
      </p>
      <p>A program sends the key with each request. For example, this command reads recommendations:</p>
      <p className="secret">
        <code className="break">{example}</code>
        <CopyButton what="command" text={example} />
      </p>
      <div>
        <Button className="button button-primary" onPress={onDone}>
          I have saved it
        </Button>
      </div>
    </>
  );
}
