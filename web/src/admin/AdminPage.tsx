import { useQuery } from '@tanstack/react-query';
import { NavLink, Outlet } from 'react-router';
import { queries } from '../api/queries.ts';
import { Loaded } from '../ui/states.tsx';
import './admin.css';

const PLACES = [
  ['runs', 'Runs'],
  ['instruments', 'Instruments'],
  ['users', 'Users'],
  ['models', 'Models'],
] as const;

/** What administrators do. The API refuses everybody else; this only says so earlier. */
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
                {PLACES.map(([to, name]) => (
                  <NavLink key={to} to={to} className="tab">
                    {name}
                  </NavLink>
                ))}
              </nav>
              <Outlet />
            </>
          ) : (
            <>
              <title>Not for you · Boursomatic</title>
              <h1>Only administrators may see this</h1>
              <p>Whoever runs this service can make you one: npm run admin -- grant EMAIL.</p>
            </>
          )
        }
      </Loaded>
    </>
  );
}
