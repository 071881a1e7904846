import { isRouteErrorResponse, Link, useRouteError } from 'react-router';
import { Note } from '../ui/states.tsx';

/** An address that is nothing here. */
export function NotFound() {
  return (
    <>
      <title>Not found · Boursomatic</title>
      <h1>There is nothing at this address</h1>
      <p>The link may be old, or mistyped.</p>
      <p>
        <Link className="button button-primary" to="/recommendations">
          Go to the recommendations
        </Link>
      </p>
    </>
  );
}

/** The page itself failed, which must never leave a blank one. */
export function Crash() {
  const error = useRouteError();
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFound />;
  // After a new release the parts that an open page would load are gone.
  const isOutdated = error instanceof TypeError && /import|module/i.test(error.message);
  return (
    <div className="narrow-page">
      <title>Something went wrong · Boursomatic</title>
      <h1>
        {isOutdated ? 'This part of the page could not be loaded' : 'Something went wrong in this page'}
      </h1>
      <Note kind="error">
        <p>
          {isOutdated
            ? 'The connection broke, or there is a newer version of the page. Load it again.'
            : 'That is a mistake of the page, not yours. Load it again; nothing that was saved is lost.'}
        </p>
        <button type="button" className="button" onClick={() => location.reload()}>
          Load again
        </button>
      </Note>
    </div>
  );
}
