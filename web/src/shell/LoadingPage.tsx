import type { ReactNode } from 'react';
import { Loading } from '../ui/states.tsx';

/** Shown before the first view: a loading message, or `children` in its place. */
export function LoadingPage({ what, children }: { what: string; children?: ReactNode }) {
  return (
    <main className="narrow-page">
      <h1 className="visually-hidden">Boursomatic</h1>
      {children ?? <Loading what={what} rows={2} />}
    </main>
  );
}
