import { expect } from 'chai';
import { network } from 'hardhat';

import { createEmissionCurve, emittedBy } from '../../../src/protocol/emission-curve.ts';
import { expWad, lnWad, WAD } from '../../../src/protocol/fixed-point.ts';
import {
  baseDown,
  ceilingDown,
  effectiveParticipants,
  logisticDown,
  payoutDown,
  priceTermUp,
} from '../../../src/protocol/reserve-math.ts';
import {
  balanceOf,
  foundationGrantDown,
  grantDown,
  reasonsOf,
  splitPayout,
  taskBudgetsDown,
} from '../../../src/protocol/settlement-math.ts';
import {
  accelerate,
  accelerationLimitDown,
  type Cohort,
  type Curve,
  curveFaultAt,
  curveHash,
  join,
  leftOf,
  packCohort,
  roll,
  totalOf,
  unlockedAt,
} from '../../../src/protocol/vesting-curve.ts';
import { bytesToHex } from '../../../src/protocol/words.ts';
import { CURVE_FAULTS } from '../../support/contract-values.ts';
import { random, runs } from '../../support/effort.ts';

const { ethers } = await network.create();
const harness = await ethers.deployContract('LibraryHarness');

const EACH = runs(500, 10_000);
const WEEK = 604_800;
const START = 1_700_000_000;

/**
 * Drives `EACH` random inputs through Solidity, `batch` at a time, and through TypeScript; they must agree to the last bit.
 * The numbers are those of the seed and the formula's name.
 */
async function compare<Input>(
  batch: number,
  input: (index: number) => Input,
  chain: (inputs: readonly Input[]) => Promise<readonly unknown[]>,
  twin: (input: Input) => unknown,
): Promise<void> {
  for (let done = 0; done < EACH; done += batch) {
    const inputs = Array.from({ length: Math.min(batch, EACH - done) }, (_, index) => input(done + index));
    const results = await chain(inputs);
    expect(results).to.have.length(inputs.length);
    inputs.forEach((each, index) => {
      expect(twin(each), `input ${done + index}`).to.deep.equal(results[index]);
    });
  }
}

describe('Solidity and TypeScript agree to the wei', () => {
  describe('reserve law', () => {
    it('exp', async () => {
      const { uniform, bits } = random('exp');
      await compare(
        500,
        (index) => (index % 4 === 0 ? bits(66) - bits(65) : (uniform(90) % (177n * WAD)) - 42n * WAD),
        async (inputs) => [...(await harness.exp(inputs.map((x) => (x < 135n * WAD ? x : 0n))))],
        (x) => expWad(x < 135n * WAD ? x : 0n),
      );
    });

    it('ln', async () => {
      const { bits } = random('ln');
      await compare(
        500,
        () => bits(254) + 1n,
        async (inputs) => [...(await harness.ln([...inputs]))],
        lnWad,
      );
    });

    it('logistic', async () => {
      const { bits, uniform } = random('logistic');
      await compare(
        300,
        (index): [bigint, bigint, bigint, bigint] => {
          const [a, b] = [bits(60) % (WAD + 1n), bits(64) % (10n * WAD + 1n)];
          if (index % 2 === 0) return [a, b, bits(128), bits(128)];
          // Where the curve bends.
          const c = (1n + bits(20)) * WAD;
          const nEff = c + ((uniform(80) % (80n * WAD)) - 40n * WAD) * (WAD / (b + 1n) + 1n);
          return [a, b, c, nEff > 0n ? nEff : 0n];
        },
        async (inputs) => [...(await harness.logistic([...inputs]))],
        ([a, b, c, nEff]) => logisticDown({ a, b, c }, nEff),
      );
    });

    it('price term', async () => {
      const { bits, uniform, index: pick } = random('price term');
      await compare(
        300,
        (): [bigint, bigint, bigint] => {
          const priceRef = bits(127) + 1n;
          const price = pick(2) === 0 ? bits(256) : (priceRef * (uniform(90) % 10n ** 26n)) / 10n ** 20n;
          return [bits(60) % (WAD + 1n), price, priceRef];
        },
        async (inputs) => [...(await harness.priceTerm([...inputs]))],
        ([alpha, price, priceRef]) => priceTermUp(alpha, price, priceRef),
      );
    });

    it('base, ceiling and payout', async () => {
      const { bits, index: pick } = random('payout');
      await compare(
        300,
        () => {
          const smoothing = pick(3651);
          const rho = smoothing === 0 ? 0n : bits(60) % (WAD / BigInt(smoothing) + 1n);
          return { budget: bits(128), reserve: bits(128), rho, smoothing, factor: bits(65) - bits(65) };
        },
        async (inputs) => {
          const rows = inputs.map(({ budget, reserve, rho, smoothing }): [bigint, bigint, bigint, bigint] => [
            budget,
            reserve,
            rho,
            BigInt(smoothing),
          ]);
          const results = await harness.payout(
            rows,
            inputs.map(({ factor }) => factor),
          );
          return results.map((row) => [...row]);
        },
        ({ budget, reserve, rho, smoothing, factor }) => {
          const base = baseDown(budget, reserve, rho);
          const ceiling = ceilingDown(budget, reserve, smoothing);
          return [base, ceiling, payoutDown(base, factor, ceiling)];
        },
      );
    });

    it('effective participants', async () => {
      const { bits, index: pick } = random('effective');
      await compare(
        100,
        () => {
          const tasks = pick(17);
          const weights = Array.from({ length: tasks }, () => bits(64));
          return { weights, participants: Array.from({ length: tasks }, () => Number(bits(32))) };
        },
        async (inputs) => {
          const [weights, participants] = [inputs.map((each) => each.weights), inputs.map((each) => each.participants)];
          return [...(await harness.effectiveParticipants(weights, participants))];
        },
        ({ weights, participants }) => effectiveParticipants(weights, participants),
      );
    });
  });

  describe('vesting curve', () => {
    const { bits, index: pick } = random('curves');

    /** A curve as the protocol makes them, with terms that changed on the way. */
    function anyCurve(): Curve {
      const count = pick(27);
      let end = START - pick(40) * WEEK;
      const cohorts = Array.from({ length: count }, (): Cohort => {
        end += 1 + pick(4 * WEEK);
        return { end, duration: 1 + pick(pick(2) === 0 ? 10 : 52 * WEEK), amount: bits(120) + 1n };
      });
      return { unlocked: bits(126), cohorts };
    }
    const anyTime = (): number => START + (pick(3) === 0 ? pick(2 * WEEK) : (pick(200) - 50) * WEEK);
    const words = ({ unlocked, cohorts }: Curve): { unlocked: bigint; cohorts: bigint[] } => ({
      unlocked,
      cohorts: cohorts.map(packCohort),
    });

    it('unlocked and total, from calldata and from memory', async () => {
      const read = async (inputs: readonly { curve: Curve; time: number }[]): Promise<readonly unknown[]> => {
        const curves = inputs.map(({ curve }) => words(curve));
        const times = inputs.map(({ time }) => time);
        const fast = await harness.unlockedAt(curves, times);
        const plain = await harness.unlockedInMemory(curves, times);
        expect([[...fast[0]], [...fast[1]]]).to.deep.equal([[...plain[0]], [...plain[1]]]);
        return inputs.map((_, index) => [fast[0][index], fast[1][index]]);
      };
      await compare(
        100,
        () => ({ curve: anyCurve(), time: anyTime() }),
        read,
        ({ curve, time }) => [unlockedAt(curve, time), totalOf(curve)],
      );
    });

    it('hash, from calldata and from memory', async () => {
      await compare(
        100,
        anyCurve,
        async (curves) => {
          const [fast, plain] = await harness.curveHash(curves.map(words));
          expect([...fast]).to.deep.equal([...plain]);
          return [...fast];
        },
        (curve) => bytesToHex(curveHash(curve)),
      );
    });

    it('the transition of an account', async () => {
      const input = () => {
        const curve = anyCurve();
        const time = anyTime();
        const rolled = roll(curve, time);
        const amount = pick(3) === 0 ? 0n : accelerationLimitDown(leftOf(rolled), bits(60) % (WAD + 1n));
        const newest = curve.cohorts.at(-1)?.end ?? START;
        const full = rolled.cohorts.length === 26;
        const end = full || pick(2) === 0 ? newest : newest + 1 + pick(WEEK);
        // A full curve can only grow in the cohort that is open.
        const open = !full || accelerate(rolled, amount, endsOf(rolled)).curve.cohorts.at(-1)?.end === end;
        const grant = open && pick(4) > 0 ? bits(120) : 0n;
        return { curve, time, amount, grant, end, duration: pick(4) === 0 ? 0 : 1 + pick(52 * WEEK) };
      };
      const endsOf = (curve: Curve): number[] => curve.cohorts.map(({ end }) => end);
      await compare(
        60,
        input,
        async (inputs) => {
          const steps = inputs.map(({ time, amount, grant, end, duration }) => ({
            time,
            accelerate: amount,
            grant,
            end,
            duration,
          }));
          const results = await harness.transition(
            inputs.map(({ curve }) => words(curve)),
            steps,
          );
          return results.map(({ unlocked, cohorts }) => ({ unlocked, cohorts: [...cohorts] }));
        },
        ({ curve, time, amount, grant, end, duration }) => {
          const rolled = roll(curve, time);
          return words(join(accelerate(rolled, amount, endsOf(rolled)).curve, grant, { end, duration }));
        },
      );
    });

    it('the fault of what is not canonical', async () => {
      const input = (): { curve: Curve; time: number } => {
        const cohorts = anyCurve().cohorts.map((cohort) => ({ ...cohort }));
        const unlocked = pick(4) === 0 ? (1n << 128n) - 1n : bits(126);
        if (cohorts.length > 0 && pick(2) === 0) {
          const at = pick(cohorts.length);
          const change = [{ amount: 0n }, { duration: 0 }, { end: START }][pick(3)];
          cohorts[at] = { ...cohorts[at]!, ...change };
        }
        if (pick(8) === 0) while (cohorts.length < 27) cohorts.push({ end: 1, duration: 1, amount: 1n });
        return { curve: { unlocked, cohorts }, time: START - 40 * WEEK + pick(WEEK) };
      };
      await compare(
        100,
        input,
        async (inputs) => {
          const faults = await harness.faultAt(
            inputs.map(({ curve }) => words(curve)),
            inputs.map(({ time }) => time),
          );
          return faults.map((fault) => CURVE_FAULTS[Number(fault)]);
        },
        ({ curve, time }) => curveFaultAt(curve, time),
      );
    });
  });

  it('the splits of a payout', async () => {
    const { bits, uniform, index: pick } = random('splits');
    const input = () => {
      const tasks = 1 + pick(8);
      const cuts = Array.from({ length: tasks - 1 }, () => uniform(59) % (WAD / BigInt(tasks)));
      const weights = [...cuts, WAD - cuts.reduce((sum, part) => sum + part, 0n)];
      const scores = Array.from({ length: pick(6) }, () =>
        Array.from({ length: tasks }, () => (pick(3) === 0 ? 0n : bits(96))),
      );
      const participants = weights.map((_, task) => scores.filter((own) => own[task]! > BigInt(pick(3))).length);
      const scoreTotals = weights.map((_, task) => scores.reduce((sum, own) => sum + own[task]!, 0n));
      const [budget, base] = [bits(128), bits(128)];
      const hasParticipants = participants.some((count) => count > 0);
      const payout = hasParticipants ? bits(128) : 0n;
      const share = bits(60) % (WAD / 2n);
      return {
        budget,
        base,
        levelled: bits(128),
        payout,
        share,
        cap: bits(60) % (WAD + 1n),
        weights,
        participants,
        scoreTotals,
        scores,
      };
    };
    await compare(
      40,
      input,
      async (inputs) => {
        const outputs = await harness.split([...inputs]);
        return outputs.map((output) => ({
          foundation: output.foundation,
          miners: output.miners,
          budgets: [...output.budgets],
          unused: output.unused,
          grants: [...output.grants],
          foundationGrant: output.foundationGrant,
          withheld: output.withheld,
          injected: output.injected,
          reasons: [...output.reasons],
        }));
      },
      ({ budget, base, levelled, payout, share, cap, weights, participants, scoreTotals, scores }) => {
        const { foundation, miners } = splitPayout(payout, share);
        const { budgets, unused } = taskBudgetsDown(miners, weights, participants);
        const grants = scores.map((own) => grantDown(budgets, own, scoreTotals, cap));
        const g = grants.reduce((sum, grant) => sum + grant, 0n);
        const foundationGrant = foundationGrantDown(foundation, g, miners);
        const granted = g + foundationGrant;
        const hasParticipants = participants.some((count) => count > 0);
        const reasons = Object.values(
          reasonsOf({ budget, base, levelled, payout, share, unused, granted, hasParticipants }),
        );
        return { foundation, miners, budgets, unused, grants, foundationGrant, ...balanceOf(budget, granted), reasons };
      },
    );
  });

  it('the emission curve', async () => {
    const { bits, index: pick } = random('emission');
    const curves = 10;
    for (let round = 0; round < curves; round++) {
      let [end, cumulative] = [START, 0n];
      const periods = Array.from({ length: 1 + pick(40) }, () => ({
        end: (end += 1 + pick(60 * WEEK)),
        cumulative: (cumulative += bits(118) + 1n),
      }));
      const curve = createEmissionCurve(START, periods);
      const contract = await ethers.deployContract('EmissionCurve', [START, WEEK, periods]);
      const times = Array.from({ length: EACH / curves }, () => {
        const near = periods[pick(periods.length)]!.end;
        return pick(2) === 0 ? near + pick(3) - 1 : START - 10 + pick(end - START + 20);
      });
      const amounts = await Promise.all(times.map(async (time) => await contract.emittedBy(time)));
      expect(amounts).to.deep.equal(times.map((time) => emittedBy(curve, time)));
    }
  });
});
