import { createBrowserRouter, redirect } from 'react-router';
import { Register } from './account/Register.tsx';
import { SignIn } from './account/SignIn.tsx';
import { ListPage } from './recommendations/ListPage.tsx';
import { RequireConsent } from './shell/RequireConsent.tsx';
import { RequireSession } from './shell/RequireSession.tsx';
import { Shell } from './shell/Shell.tsx';
import { Crash, NotFound } from './shell/Trouble.tsx';
import { Waiting } from './shell/Waiting.tsx';

/** The views and their addresses. The list comes with the first load; everything else when it is gone to. */
export const router = createBrowserRouter([
  {
    errorElement: (
      <main>
        <Crash />
      </main>
    ),
    children: [
      { index: true, loader: () => redirect('/recommendations') },
      { path: 'sign-in', element: <SignIn /> },
      { path: 'register', element: <Register /> },
      {
        element: <RequireSession />,
        children: [
          {
            element: <Shell />,
            hydrateFallbackElement: <Waiting what="the view" />,
            children: [
              {
                errorElement: <Crash />,
                children: [
                  {
                    element: <RequireConsent />,
                    children: [
                      { path: 'recommendations', element: <ListPage /> },
                      { path: 'recommendations/:id', lazy: () => import('./detail/DetailPage.tsx') },
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
                      { path: 'models', lazy: () => import('./admin/ModelsPage.tsx') },
                    ],
                  },
                  { path: '*', element: <NotFound /> },
                ],
              },
            ],
          },
        ],
      },
    ],
  },
]);
