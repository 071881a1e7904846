import { useQuery } from '@tanstack/react-query';
import { Outlet } from 'react-router';
import { ConsentScreen } from '../account/ConsentScreen.tsx';
import { queries } from '../api/queries.ts';
import { Loaded } from '../ui/states.tsx';

/** Shows the risk notice instead of recommendations until the user accepts its current version. */
export function RequireConsent() {
  const me = useQuery(queries.me());
  return (
    <>
      {me.data === undefined && <h1 className="visually-hidden">Recommendations</h1>}
      <Loaded query={me} what="your account">
        {({ hasConsented }) => (hasConsented ? <Outlet /> : <ConsentScreen />)}
      </Loaded>
    </>
  );
}
