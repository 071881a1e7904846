import { useState } from 'react';
import { Button } from 'react-aria-components/Button';

const RESULTS = {
  copied: 'Copied.',
  refused: 'Your browser did not allow copying. Select the text instead.',
};

/** A button that copies a text. Browsers offer no clipboard to a page served without TLS from another machine. */
export function CopyButton({ what, text }: { what: string; text: string }) {
  const [result, setResult] = useState<keyof typeof RESULTS>();
  if (!navigator.clipboard) return null;
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setResult('copied'),
      () => setResult('refused'),
    );
  return (
    <>
      <Button className="button" onPress={() => void copy()}>
        Copy<span className="visually-hidden"> the {what}</span>
      </Button>
      <span role="status" className="muted">
        {result && RESULTS[result]}
      </span>
    </>
  );
}
