import type { ReactNode } from 'react';
import { Brand } from '../shell/Brand.tsx';

/** The layout of the sign-in and registration views. */
export function AuthLayout({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="auth">
      <title>{`${title} · Boursomatic`}</title>
      <header className="auth-pitch">
        <Brand />
        <p className="auth-claim">BUY, HOLD or SELL for each stock, with the reasons and the track record.</p>
        <ul className="auth-points">
          <li>A new call for each stock every trading day, in three risk profiles.</li>
          <li>The reasons for each call, with the numbers behind them.</li>
          <li>The result of every past call, right or wrong.</li>
        </ul>
        <p className="auth-small">This is information, not advice. Any call can be wrong.</p>
      </header>
      <main className="auth-form" tabIndex={-1}>
        <h1>{title}</h1>
        {children}
      </main>
    </div>
  );
}
