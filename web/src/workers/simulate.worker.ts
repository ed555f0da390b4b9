import type { SimulateRequest } from '../views/what-if/simulator.ts';

/** The presets that come with lode, as they stand in their files. */
const FILES = import.meta.glob<string>('../../../presets/*/preset.jsonc', {
  query: '?raw',
  import: 'default',
  eager: true,
});
const PRESETS = new Map(Object.entries(FILES).map(([path, text]) => [path.split('/').at(-2) ?? '', text]));

// Loaded behind the listener: what is asked while the hash functions are still being compiled would be lost.
const loading = import('../views/what-if/simulator.ts');

addEventListener('message', ({ data }: MessageEvent<SimulateRequest>) => void answer(data));

async function answer(request: SimulateRequest): Promise<void> {
  const { answerTo } = await loading;
  const said = answerTo(request, PRESETS);
  if (said !== null) postMessage(said);
}
