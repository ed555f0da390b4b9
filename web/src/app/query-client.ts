import { QueryClient } from '@tanstack/react-query';

import { RetryableError } from '../../../src/protocol/errors.ts';

const TRIES = 2;

/** Only what a node or a file host may answer differently next time is asked again. */
export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      retry: (count, error) => error instanceof RetryableError && count < TRIES,
      retryDelay: (attempt) => 500 * 2 ** attempt,
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: false,
      structuralSharing: false,
    },
  },
});
