import { CursorParameter, limitParameter } from './parameters.ts';

/** The query parameters of most lists. */
export const PAGING = {
  limit: limitParameter({ standard: 50, max: 250 }),
  cursor: CursorParameter,
};

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
