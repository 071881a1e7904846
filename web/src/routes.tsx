import { createBrowserRouter, redirect } from 'react-router';
import { Register } from './account/Register.tsx';
import { SignIn } from './account/SignIn.tsx';
import { ListPage } from './recommendations/ListPage.tsx';
import { ErrorPage, NotFoundPage } from './shell/ErrorPages.tsx';
import { LoadingPage } from './shell/LoadingPage.tsx';
import { RequireConsent } from './shell/RequireConsent.tsx';
import { RequireSession } from './shell/RequireSession.tsx';
import { Shell } from './shell/Shell.tsx';

/** The views and their paths. The list is in the first bundle; other views load on navigation. */
export const router = createBrowserRouter([
  {
    errorElement: (
      <main>
        <ErrorPage />
      </main>
    ),
    children: [
      { index: true, loader: () => redirect('/recommendations') },
      { path: 'sign-in', element: <SignIn /> },
      { path: 'register', element: <Register /> },
      { path: 'unsubscribe', lazy: () => import('./alerts/UnsubscribePage.tsx') },
      {
        element: <RequireSession />,
        children: [
          {
            element: <Shell />,
            hydrateFallbackElement: <LoadingPage what="the page" />,
            children: [
              {
                errorElement: <ErrorPage />,
                children: [
                  {
                    element: <RequireConsent />,
                    children: [
                      { path: 'recommendations', element: <ListPage /> },
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
