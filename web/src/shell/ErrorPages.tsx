import { useEffect, useState } from 'react';
import { isRouteErrorResponse, Link, useRouteError } from 'react-router';
import { Note } from '../ui/states.tsx';
import { useIsOffline } from '../ui/useIsOffline.ts';

/** Shown for an unknown URL. */
export function NotFoundPage() {
  return (
    <>
      <title>Page not found · Boursomatic</title>
      <h1>Page not found</h1>
      <p>The link may be outdated or mistyped.</p>
      <p>
        <Link className="button button-primary" to="/recommendations">
          Go to recommendations
        </Link>
      </p>
    </>
  );
}

/** Shown when a view cannot be loaded without a network. It loads the view when the network is back. */
function OfflinePage() {
  const isOffline = useIsOffline();
  useEffect(() => {
    if (!isOffline) location.reload();
  }, [isOffline]);
  return (
    <div className="narrow-page">
      <title>You are offline · Boursomatic</title>
      <h1>You are offline</h1>
      <Note kind="warning">
        <p>This page loads as soon as your device has a network again.</p>
      </Note>
    </div>
  );
}

/** Shown when a view throws or cannot be loaded, instead of a blank page. */
export function ErrorPage() {
  const error = useRouteError();
  const [wasOffline] = useState(!navigator.onLine);
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFoundPage />;
  if (wasOffline) return <OfflinePage />;
  // A new release replaces the scripts and styles that an open page would still load.
  const isOutdated = error instanceof Error && /import|module|preload/i.test(error.message);
  return (
    <div className="narrow-page">
      <title>Something went wrong · Boursomatic</title>
      <h1>{isOutdated ? 'This page could not be loaded' : 'Something went wrong on this page'}</h1>
      <Note kind="error">
        <p>
          {isOutdated
            ? 'The connection failed, or a newer version was published. Reload the page.'
            : 'This is an error in the page. Reload it; everything that you saved is kept.'}
        </p>
        <button type="button" className="button" onClick={() => location.reload()}>
          Reload
        </button>
      </Note>
    </div>
  );
}
