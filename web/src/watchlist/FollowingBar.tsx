import { Segments } from '../ui/fields.tsx';
import { ImportDialog } from './ImportDialog.tsx';
import { useFollowed } from './useWatchlist.ts';

/** The choice between followed stocks and all stocks, and the import of a list. */
export function FollowingBar({
  following,
  onChange,
}: {
  following: boolean;
  onChange: (following: boolean) => void;
}) {
  const followed = useFollowed();
  return (
    <div className="following-bar">
      <Segments
        label="Stocks"
        isLabelHidden
        options={[
          { value: 'following', label: `Following${followed ? ` (${followed.size})` : ''}` },
          { value: 'all', label: 'All stocks' },
        ]}
        value={following ? 'following' : 'all'}
        onChange={(value) => onChange(value === 'following')}
      />
      <ImportDialog />
    </div>
  );
}
