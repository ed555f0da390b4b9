import { lazy, Suspense } from 'react';

import type { ChartProps } from './plot.tsx';
import { Waiting } from './waiting.tsx';

const Plot = lazy(async () => ({ default: (await import('./plot.tsx')).Plot }));

/** A chart with its figures as a table beneath it. The library that draws it is fetched when the first one is shown. */
export function Chart(props: ChartProps) {
  return (
    <Suspense fallback={<Waiting what="Drawing" />}>
      <Plot {...props} />
    </Suspense>
  );
}
