import { createBrowserRouter, redirect } from 'react-router';
import { ErrorPage, NotFoundPage } from './shell/ErrorPages.tsx';
import { LoadingPage } from './shell/LoadingPage.tsx';
import { RequireConsent } from './shell/RequireConsent.tsx';
import { RequireSession } from './shell/RequireSession.tsx';
import { Shell } from './shell/Shell.tsx';

/** Shown while the code of the first view loads. */
const FALLBACK = { hydrateFallbackElement: <LoadingPage what="the page" /> };

/** The views and their paths. Each view loads on navigation, so that the first bundle has only what all of them need. */
export const router = createBrowserRouter([
  {
    errorElement: (
      <main>
        <ErrorPage />
      </main>
    ),
    children: [
      { index: true, loader: () => redirect('/recommendations') },
      { path: 'sign-in', lazy: () => import('./account/SignIn.tsx'), ...FALLBACK },
      { path: 'register', lazy: () => import('./account/Register.tsx'), ...FALLBACK },
      { path: 'unsubscribe', lazy: () => import('./alerts/UnsubscribePage.tsx'), ...FALLBACK },
      {
        element: <RequireSession />,
        children: [
          {
            element: <Shell />,
            ...FALLBACK,
            children: [
              {
                errorElement: <ErrorPage />,
                children: [
                  {
                    element: <RequireConsent />,
                    children: [
                      { path: 'recommendations', lazy: () => import('./recommendations/ListPage.tsx') },
                      { path: 'recommendations/:id', lazy: () => import('./detail/DetailPage.tsx') },
                      { path: 'track-record', lazy: () => import('./track-record/TrackRecordPage.tsx') },
                    ],
                  },
                  { path: 'model', lazy: () => import('./model/ModelPage.tsx') },
                  { path: 'settings', lazy: () => import('./settings/SettingsPage.tsx') },
                  {
                    path: 'admin',
                    lazy: () => import('./admin/AdminPage.tsx'),
                    children: [
                      { index: true, loader: () => redirect('/admin/runs') },
                      { path: 'runs', lazy: () => import('./admin/RunsPage.tsx') },
                      { path: 'runs/:id', lazy: () => import('./admin/RunPage.tsx') },
                      { path: 'instruments', lazy: () => import('./admin/InstrumentsPage.tsx') },
                      { path: 'users', lazy: () => import('./admin/UsersPage.tsx') },
                      { path: 'security', lazy: () => import('./admin/SecurityPage.tsx') },
                      { path: 'alerts', lazy: () => import('./admin/AlertsPage.tsx') },
                      { path: 'models', lazy: () => import('./admin/ModelsPage.tsx') },
                    ],
                  },
                  { path: '*', element: <NotFoundPage /> },
                ],
              },
            ],
          },
        ],
      },
    ],
  },
]);
