import './design/fonts.css';
import './design/tokens.css';
import './design/base.css';
import './design/layout.css';
import './design/controls.css';
import './design/events.css';
import './design/lists.css';
import './design/calendar.css';
import './design/sampler.css';
import './design/map.css';
import './design/network.css';
import './design/work.css';
import './design/door.css';
import './design/workshop.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter, RouterProvider } from 'react-router';

import { routes } from './app/routes';
import { startTexts } from './i18n';
import { SessionProvider } from './session/Session';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

await startTexts();
createRoot(root).render(
  <StrictMode>
    <SessionProvider>
      <RouterProvider router={createBrowserRouter(routes)} />
    </SessionProvider>
  </StrictMode>,
);
