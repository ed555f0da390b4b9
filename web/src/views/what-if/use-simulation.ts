import { useCallback, useEffect, useRef, useState } from 'react';

import type { Asked } from './asked.ts';
import type { Outcome } from './outcome.ts';
import type { SimulateAnswer, SimulateRequest } from './simulator.ts';

/** A simulation that runs, or has run; while the next one runs, the last one stays. */
export interface SimulationState {
  readonly outcome: Outcome | null;
  /** What cannot be simulated, and which field says so. */
  readonly refused: { readonly reason: string; readonly field: string | null } | null;
  readonly isRunning: boolean;
}

/** Nobody reads what is shown between two strokes of a key. */
const PAUSE = 250;

/** Simulates in a worker whatever is asked for last. */
export function useSimulation(asked: Asked): SimulationState & { readonly download: (type: 'csv' | 'svg') => void } {
  const [state, setState] = useState<SimulationState>({ outcome: null, refused: null, isRunning: true });
  const worker = useRef<Worker | null>(null);
  const waiting = useRef(0);
  const preset = useRef(asked.preset);
  useEffect(() => {
    const own = new Worker(new URL('../../workers/simulate.worker.ts', import.meta.url), { type: 'module' });
    worker.current = own;
    waiting.current = 0;
    own.addEventListener('message', ({ data }: MessageEvent<SimulateAnswer>) => {
      if (data.kind === 'file') save(data.text, data.type, preset.current);
      else {
        waiting.current--;
        const isRunning = waiting.current > 0;
        setState((old) =>
          data.kind === 'outcome'
            ? { ...old, outcome: data.outcome, refused: null, isRunning }
            : { ...old, refused: { reason: data.reason, field: data.field }, isRunning },
        );
      }
    });
    own.addEventListener('error', () => {
      setState((old) => ({
        ...old,
        refused: { reason: 'this browser could not start the simulation', field: null },
        isRunning: false,
      }));
    });
    return () => own.terminate();
  }, []);
  useEffect(() => {
    const timer = setTimeout(() => {
      preset.current = asked.preset;
      waiting.current++;
      setState((old) => ({ ...old, isRunning: true }));
      worker.current?.postMessage({ kind: 'run', asked } satisfies SimulateRequest);
    }, PAUSE);
    return () => clearTimeout(timer);
  }, [asked]);
  const download = useCallback((type: 'csv' | 'svg') => {
    worker.current?.postMessage({ kind: 'file', type } satisfies SimulateRequest);
  }, []);
  return { ...state, download };
}

const TYPES = { csv: 'text/csv', svg: 'image/svg+xml' } as const;

function save(text: string, type: 'csv' | 'svg', name: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${TYPES[type]};charset=utf-8` }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `${name}-simulation.${type}`;
  link.click();
  URL.revokeObjectURL(url);
}
