import { createContext, use } from 'react';

import type { Deployment } from './open-deployment.ts';

export const DeploymentContext = createContext<Deployment | null>(null);

/** The deployment that the page shows; every view stands inside of it. */
export function useDeployment(): Deployment {
  const deployment = use(DeploymentContext);
  if (deployment === null) throw new TypeError('no deployment around this');
  return deployment;
}
