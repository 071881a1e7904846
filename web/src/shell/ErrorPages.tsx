import { isRouteErrorResponse, Link, useRouteError } from 'react-router';
import { Note } from '../ui/states.tsx';

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

/** Shown when a view throws or cannot be loaded, instead of a blank page. */
export function ErrorPage() {
  const error = useRouteError();
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFoundPage />;
  // A new release replaces the scripts that an open page would still load.
  const isOutdated = error instanceof TypeError && /import|module/i.test(error.message);
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
