import { createHashRouter } from 'react-router';

import { Layout } from './layout.tsx';
import { RouteProblem } from './route-problem.tsx';
import { Waiting } from '../ui/waiting.tsx';

/** Hash routes: a file host that knows nothing of them serves every address of the page. */
export const router = createHashRouter([
  {
    path: '/',
    Component: Layout,
    ErrorBoundary: RouteProblem,
    HydrateFallback: () => <Waiting page what="Loading the page" />,
    children: [
      { index: true, lazy: async () => ({ Component: (await import('../views/overview/overview.tsx')).Overview }) },
      {
        path: 'miner/:account?',
        lazy: async () => ({ Component: (await import('../views/miner/miner.tsx')).Miner }),
      },
      {
        path: 'governance/:section?/:id?',
        lazy: async () => ({ Component: (await import('../views/governance/governance.tsx')).Governance }),
      },
      {
        path: 'settlements/:epoch?',
        lazy: async () => ({ Component: (await import('../views/settlements/settlements.tsx')).Settlements }),
      },
      { path: 'what-if', lazy: async () => ({ Component: (await import('../views/what-if/what-if.tsx')).WhatIf }) },
      { path: '*', lazy: async () => ({ Component: (await import('./not-found.tsx')).NotFound }) },
    ],
  },
]);
