import { useQuery, type UseQueryResult } from '@tanstack/react-query';

import { useDeployment } from './deployment-context.ts';
import { readTerms, type Terms } from './terms.ts';

/** What of the deployment can never change; once is enough to read it. */
export function useTerms(): UseQueryResult<Terms> {
  const { endpoints } = useDeployment();
  return useQuery({ queryKey: ['terms'], queryFn: async () => await readTerms(endpoints) });
}
