import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { Outlet } from 'react-router';
import { queries } from '../api/queries.ts';
import { Loaded, Loading } from '../ui/states.tsx';

const ConsentScreen = lazy(() => import('../account/ConsentScreen.tsx'));

/** Shows the risk notice instead of recommendations until the user accepts its current version. */
export function RequireConsent() {
  const me = useQuery(queries.me());
  return (
    <>
      {me.data === undefined && <h1 className="visually-hidden">Recommendations</h1>}
      <Loaded query={me} what="your account">
        {({ hasConsented }) =>
          hasConsented ? (
            <Outlet />
          ) : (
            <Suspense fallback={<Loading what="the risk notice" />}>
              <ConsentScreen />
            </Suspense>
          )
        }
      </Loaded>
    </>
  );
}
