import { Button } from 'react-aria-components/Button';
import { Note } from './states.tsx';

/** Explains which filters of a link are invalid, and offers to remove them from it. */
export function IgnoredFilters({
  problems,
  onRemove,
}: {
  problems: readonly string[];
  onRemove: () => void;
}) {
  if (problems.length === 0) return null;
  return (
    <Note kind="warning" title="Some filters in this link are invalid and were ignored">
      <ul>
        {problems.map((problem) => (
          <li key={problem}>{problem}.</li>
        ))}
      </ul>
      <Button className="button" onPress={onRemove}>
        Remove them from the link
      </Button>
    </Note>
  );
}
