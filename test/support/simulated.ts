import { WAD } from '../../src/protocol/fixed-point.ts';
import { presetOf } from '../../scripts/economics/simulated.ts';
import type { EconomyParameters, ReserveLaw } from '../../src/settlement/economy-parameters.ts';

/** A law like the published one of LingoPod. */
export const LAW: Omit<ReserveLaw, 'priceSource'> = {
  hasLaw: true,
  a: 988_333_333_912_756_600n,
  b: 23_351_015_961_853_240n,
  c: 135_565_508_037_430_160_000n,
  alpha: (2n * WAD) / 10n,
  priceRef: WAD / 100n,
  smoothing: 90,
  rho: WAD / 180n,
};

/** The economy of LingoAI with other figures where they are given. */
export function economyWith(law: Partial<ReserveLaw>, given: Partial<EconomyParameters> = {}): EconomyParameters {
  const { economy } = presetOf('lingoai').parameters;
  const reserve = economy.reserve.map(({ from, value }) => ({ from, value: { ...value, ...LAW, ...law } }));
  return { ...economy, reserve, ...given };
}
