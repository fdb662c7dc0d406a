import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { SpeechProvider } from './i18n/language.tsx';
import { App } from './page/app.tsx';
import { beginWith } from './page/address.ts';
import './styles/page.css';
import './styles/card.css';

// Of the simulator's conferences: two that move, one that ends while it is watched, and a confidential one.
if (import.meta.env.VITE_SIMULATOR_TOKEN) beginWith(['56039683', '56039685', '56039684', '56039692']);

const root = document.getElementById('root');
if (!root) throw new Error('The page has no #root.');
createRoot(root).render(
  <StrictMode>
    <SpeechProvider>
      <App />
    </SpeechProvider>
  </StrictMode>,
);
