import type { LedgerFile } from './csv.ts';
import { langxLedger } from './langx.ts';
import { lingopodLedger } from './lingopod.ts';
import { tnetLedger } from './tnet.ts';

/** Every file of every generated ledger, with its path under `examples/`. */
export function allLedgers(): readonly LedgerFile[] {
  return [...lingopodLedger(), ...tnetLedger(), ...langxLedger()];
}
