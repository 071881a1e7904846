import type { ReactNode } from 'react';
import { Brand } from '../shell/Brand.tsx';

/** What signing in and registering look like. */
export function Entrance({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="entrance">
      <title>{`${title} · Boursomatic`}</title>
      <header className="entrance-pitch">
        <Brand />
        <p className="entrance-claim">BUY, HOLD or SELL. With the reasons, and with proof.</p>
        <ul className="entrance-points">
          <li>A call for each stock and each appetite for risk, every trading day.</li>
          <li>What moved it, number by number.</li>
          <li>What came of every earlier call, right or wrong.</li>
        </ul>
        <p className="entrance-small">Information, not advice: every call can be wrong.</p>
      </header>
      <main className="entrance-form" tabIndex={-1}>
        <h1>{title}</h1>
        {children}
      </main>
    </div>
  );
}
