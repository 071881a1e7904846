import { useQuery } from '@tanstack/react-query';
import { NavLink, Outlet } from 'react-router';
import { queries } from '../api/queries.ts';
import { Loaded } from '../ui/states.tsx';
import './admin.css';

const TABS = [
  ['runs', 'Runs'],
  ['instruments', 'Instruments'],
  ['users', 'Users'],
  ['models', 'Models'],
  ['alerts', 'Alerts'],
  ['security', 'Security'],
] as const;

/** The frame of the admin views. The API itself refuses other users; this check only explains it earlier. */
export function Component() {
  const me = useQuery(queries.me());
  return (
    <>
      {me.data === undefined && <h1 className="visually-hidden">Admin</h1>}
      <Loaded query={me} what="your account">
        {({ isAdmin }) =>
          isAdmin ? (
            <>
              <div className="page-head">
                <h1>Admin</h1>
              </div>
              <nav className="tabs" aria-label="Admin">
                {TABS.map(([to, name]) => (
                  <NavLink key={to} to={to} className="tab">
                    {name}
                  </NavLink>
                ))}
              </nav>
              <Outlet />
            </>
          ) : (
            <>
              <title>Administrators only · Boursomatic</title>
              <h1>Only administrators can see this page</h1>
              <p>
                The operator of this service can make you an administrator with{' '}
                <code>npm run admin -- grant EMAIL</code>.
              </p>
            </>
          )
        }
      </Loaded>
    </>
  );
}
