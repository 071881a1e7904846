import { Button } from 'react-aria-components/Button';

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** The next page of a list that goes on. */
export function More({ query }: { query: Paged }) {
  if (!query.hasNextPage) return null;
  return (
    <Button
      className="button"
      isPending={query.isFetchingNextPage}
      onPress={() => void query.fetchNextPage()}
    >
      Show more
    </Button>
  );
}
