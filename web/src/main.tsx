import './style.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { startTexts } from './i18n';
import { StartPage } from './start/StartPage';

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');

await startTexts();
createRoot(root).render(
  <StrictMode>
    <StartPage />
  </StrictMode>,
);
