import type { VerifyAnswer, VerifyRequest } from './verify-messages.ts';

// Loaded behind the listener: what is asked while the hash functions are still being compiled would be lost.
const loading = import('../../../src/store/verify-published.ts');

addEventListener('message', (event: MessageEvent<VerifyRequest>) => void answer(event.data));

async function answer(request: VerifyRequest): Promise<void> {
  const started = performance.now();
  try {
    const { verifyPublished } = await loading;
    const verification = await verifyPublished({
      ...request,
      tell: (progress) => say({ kind: 'progress', progress }),
    });
    say({ kind: 'done', verification, milliseconds: performance.now() - started });
  } catch (error) {
    say({ kind: 'failed', reason: error instanceof Error ? error.message : String(error) });
  }
}

function say(message: VerifyAnswer): void {
  postMessage(message);
}
