import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { Link, NavLink, Outlet, ScrollRestoration, useLocation, useNavigation } from 'react-router';
import { queries } from '../api/queries.ts';
import { Icon, type IconName } from '../ui/Icon.tsx';
import { Brand } from './Brand.tsx';
import { Notices } from './Notices.tsx';
import { RunIndicator } from './RunIndicator.tsx';

const AccountMenu = lazy(() => import('./AccountMenu.tsx'));

const NAV_ITEMS: { to: string; name: string; icon: IconName; admin?: boolean }[] = [
  { to: '/recommendations', name: 'Recommendations', icon: 'list' },
  { to: '/track-record', name: 'Track record', icon: 'record' },
  { to: '/model', name: 'Model', icon: 'model' },
  { to: '/settings', name: 'Settings', icon: 'settings' },
  { to: '/admin', name: 'Admin', icon: 'admin', admin: true },
];

/** The header and footer around every view. */
export function Shell() {
  const { data: me } = useQuery(queries.me());
  const { data: health } = useQuery(queries.health());
  const { state } = useNavigation();
  const { pathname } = useLocation();
  const main = useRef<HTMLElement>(null);
  const previous = useRef(pathname);
  useEffect(() => {
    // Screen readers start reading at the new view, as after loading a page.
    if (previous.current !== pathname) main.current?.focus({ preventScroll: true });
    previous.current = pathname;
  }, [pathname]);
  return (
    <div className="shell">
      <a className="skip-link" href="#main">
        Skip to main content
      </a>
      <header className="topbar">
        <div className="topbar-inner">
          <Link to="/recommendations" className="brand-link" aria-label="Boursomatic: recommendations">
            <Brand />
          </Link>
          <nav className="nav" aria-label="Main">
            {NAV_ITEMS.filter(({ admin }) => !admin || me?.isAdmin).map(({ to, name, icon }) => (
              <NavLink key={to} to={to} className="nav-link">
                <Icon name={icon} />
                <span>{name}</span>
              </NavLink>
            ))}
          </nav>
          <RunIndicator />
          <Suspense fallback={<AccountMenuPlace />}>
            <AccountMenu email={me?.email} />
          </Suspense>
        </div>
        {state === 'loading' && (
          <div className="progress-line" role="progressbar" aria-label="Loading the page" />
        )}
      </header>
      {health?.notice && (
        <aside className="sample-banner" aria-label="About this data">
          <Icon name="info" />
          {health.notice}
        </aside>
      )}
      {me && <Notices notices={me.notices} />}
      <main id="main" ref={main} tabIndex={-1}>
        <Outlet />
      </main>
      <footer className="footer">
        <p>This is information, not advice. Any call can be wrong, and you can lose everything you invest.</p>
        <p>
          <a href="/v1/docs">API</a>
          {health?.modelVersion && <> · model {health.modelVersion}</>}
        </p>
      </footer>
      <ScrollRestoration />
    </div>
  );
}

/** Keeps the place of the account menu while its code loads. */
function AccountMenuPlace() {
  return (
    <div className="account-menu">
      <span className="icon-button" aria-hidden="true">
        <Icon name="user" />
      </span>
    </div>
  );
}
