import type { ReactNode } from 'react';
import { Brand } from '../shell/Brand.tsx';
import './alerts.css';

/** The layout of a view that a link in a message opens. It works without a session. */
export function LinkPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="link-page">
      <title>{`${title} · Boursomatic`}</title>
      <header>
        <Brand />
      </header>
      <main className="panel" tabIndex={-1}>
        <h1>{title}</h1>
        {children}
      </main>
    </div>
  );
}
