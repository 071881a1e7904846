import { Button } from 'react-aria-components/Button';

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** A button that loads the next page of a list, if there is one. */
export function LoadMore({ query }: { query: Paged }) {
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
