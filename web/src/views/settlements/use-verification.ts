import { useCallback, useEffect, useRef, useState } from 'react';

import type { PublishedVerification, VerificationProgress } from '../../../../src/store/verify-published.ts';
import type { VerifyAnswer, VerifyRequest } from '../../workers/verify-messages.ts';
import { keepVerified, useVerified, type VerifiedSettlement } from './verified.ts';

/** How far a verification has come. */
export type VerificationState =
  | { readonly phase: 'idle' }
  | { readonly phase: 'running'; readonly progress: VerificationProgress }
  | { readonly phase: 'done'; readonly verification: PublishedVerification; readonly milliseconds: number }
  | { readonly phase: 'failed'; readonly reason: string }
  | { readonly phase: 'cancelled' };

/** Verifies a settlement in a worker, so that the page stays as quick as before; begins with what came of it before. */
export function useVerification(settlement: VerifiedSettlement): {
  readonly state: VerificationState;
  readonly start: (request: VerifyRequest) => void;
  readonly cancel: () => void;
} {
  const [state, setState] = useState<VerificationState | null>(null);
  const before = useVerified()(settlement);
  const worker = useRef<Worker | null>(null);
  const stop = useCallback(() => {
    worker.current?.terminate();
    worker.current = null;
  }, []);
  useEffect(() => stop, [stop]);
  const start = useCallback(
    (request: VerifyRequest) => {
      stop();
      setState({ phase: 'running', progress: { step: 'fetch', done: 0, of: 0 } });
      const own = new Worker(new URL('../../workers/verify.worker.ts', import.meta.url), { type: 'module' });
      worker.current = own;
      own.addEventListener('message', ({ data }: MessageEvent<VerifyAnswer>) => {
        // What a cancelled one had still on its way is nobody's any more.
        if (worker.current !== own) return;
        if (data.kind === 'progress') {
          setState({ phase: 'running', progress: data.progress });
          return;
        }
        stop();
        const { verification, milliseconds } = data.kind === 'done' ? data : { verification: null, milliseconds: 0 };
        if (verification !== null) {
          keepVerified(request.declared.settlement, { verification, milliseconds });
          setState({ phase: 'done', verification, milliseconds });
        } else if (data.kind === 'failed') setState({ phase: 'failed', reason: data.reason });
      });
      own.addEventListener('error', ({ message }) => {
        if (worker.current !== own) return;
        stop();
        setState({ phase: 'failed', reason: message === '' ? 'the worker could not be started' : message });
      });
      own.postMessage(request);
    },
    [stop],
  );
  const cancel = useCallback(() => {
    stop();
    setState({ phase: 'cancelled' });
  }, [stop]);
  return { state: state ?? (before === null ? { phase: 'idle' } : { phase: 'done', ...before }), start, cancel };
}
