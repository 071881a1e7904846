import { Button } from 'react-aria-components/Button';
import { CopyButton } from '../ui/CopyButton.tsx';
import { saveAs } from '../ui/save-as.ts';
import { StepTitle } from './StepTitle.tsx';

const FILE = 'boursomatic-recovery-codes.txt';

/** New recovery codes. The API shows them only once. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const text = `${codes.join('\n')}\n`;
  return (
    <>
      <StepTitle>Save your recovery codes</StepTitle>
      <p>
        If you lose your phone, each of these codes signs you in once. You cannot see them again later. Keep
        them somewhere other than your phone, such as on paper.
      </p>
      <ul className="recovery-codes" aria-label="Recovery codes">
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className="row-actions">
        <CopyButton what="codes" text={text} />
        <Button className="button" onPress={() => saveAs(FILE, text, 'text/plain')}>
          Download
        </Button>
        <Button className="button button-primary" onPress={onDone}>
          I have saved them
        </Button>
      </div>
    </>
  );
}
