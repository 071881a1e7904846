import { Button } from 'react-aria-components/Button';
import { StepTitle } from '../settings/StepTitle.tsx';
import { CopyButton } from '../ui/CopyButton.tsx';
import { Note } from '../ui/states.tsx';

/** The secret of a new webhook. The API shows it only once. */
export function NewSecret({ secret, onDone }: { secret: string; onDone: () => void }) {
  return (
    <>
      <StepTitle level={4}>Save the secret of your webhook</StepTitle>
      <Note kind="warning" title="You cannot see this secret again">
        <p>
          Copy it into your program now. With it, the program checks that a request comes from this service.
        </p>
      </Note>
      <p className="secret">
        <code className="break">{secret}</code>
        <CopyButton what="secret" text={secret} />
      </p>
      <div>
        <Button className="button button-primary" onPress={onDone}>
          I have saved it
        </Button>
      </div>
    </>
  );
}
