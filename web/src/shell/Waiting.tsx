import type { ReactNode } from 'react';
import { Loading } from '../ui/states.tsx';

/** What is there before there is a view: that it comes, unless there is something else to say. */
export function Waiting({ what, children }: { what: string; children?: ReactNode }) {
  return (
    <main className="narrow-page">
      <h1 className="visually-hidden">Boursomatic</h1>
      {children ?? <Loading what={what} rows={2} />}
    </main>
  );
}
