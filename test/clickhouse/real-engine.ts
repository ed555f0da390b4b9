import { engineFolder, isEngineInstalled } from '../../scripts/clickhouse/engine-folder.ts';
import { clickHouseEngine } from '../../src/store/clickhouse/clickhouse-engine.ts';
import type { ScoringEngine } from '../../src/store/scoring-engine.ts';
import type { Bridge, BridgeOptions } from '../support/clickhouse/bridge.ts';
import { startBridge } from '../support/clickhouse/bridge.ts';

/** A real engine for the tests of a suite; call it inside `describe`. */
export function realEngine(options: Omit<BridgeOptions, 'folder'> = {}) {
  let bridge: Bridge | null = null;
  before(async function () {
    this.timeout(60_000);
    if (!isEngineInstalled()) throw new Error('no engine is installed: npm run test:clickhouse');
    bridge = await startBridge({ folder: engineFolder(), ...options });
  });
  after(async () => {
    await bridge?.close();
  });
  const url = () => bridge?.url ?? '';
  return {
    url,
    sessions: () => bridge?.sessions() ?? 0,
    /** The engine behind the bridge, asked as its only user. */
    engine: (
      more: { readonly password?: string; readonly timeout?: number; readonly onDiskFrom?: number } = {},
    ): ScoringEngine =>
      clickHouseEngine(
        { url: url(), user: options.user ?? 'default', password: options.password ?? '', timeout: 60, ...more },
        more.onDiskFrom,
      ),
  };
}
