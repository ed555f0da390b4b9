import { expect } from 'chai';

import type { Evidence } from '../../../src/settlement/faults/evidence.ts';
import { revealFrom } from '../../../src/settlement/faults/open-tree.ts';
import { prove } from '../../../src/settlement/prover/prove.ts';
import { valueAt } from '../../../src/settlement/economy-parameters.ts';
import { isDeep, random, runs } from '../../support/effort.ts';
import { evmVerifier } from '../../support/evm-verifier.ts';
import { forgedEvidence, materialOf } from '../../support/forged-evidence.ts';
import type { Assembled } from '../../support/forgery.ts';
import { assemble, contextOf, forgeryOf } from '../../support/forgery.ts';
import type { Honest, LieKind } from '../../support/lie-kinds.ts';
import { asText, CATALOGUE, MUTATIONS } from '../../support/lie-kinds.ts';
import { LieTable, REFUSED } from '../../support/lie-table.ts';
import { testAddress } from '../../support/history.ts';
import type { SettledCase } from '../../support/settled-cases.ts';
import { featuresOf, foreignSettlement, settledCases, SIZES } from '../../support/settled-cases.ts';
import { TOKEN } from '../../settlement/faults/lie-kit.ts';

const foreign = foreignSettlement();
const numbers = random('lies-judged');
const FORBIDDEN = [TOKEN, testAddress(424_243), testAddress(424_244), testAddress(424_245)];

/** The case as a liar takes it. */
function honestOf({ settled, history }: SettledCase): Honest {
  const { epoch } = settled.record;
  const { scores, uses } = history.epochs[epoch]!;
  const unlockPerUse = valueAt(history.parameters.unlockPerUse, epoch);
  return { settled, input: { scores, uses, unlockPerUse }, forbidden: FORBIDDEN };
}

describe('SettlementVerifier against lies', function () {
  this.timeout(isDeep ? 7_200_000 : 300_000);
  const table = new LieTable();
  const features = new Map<string, number>();
  const settlements = runs(200, 10_000);
  const forgeries = runs(20, 200);
  let forged = 0;

  after(() => {
    const seen = [...features].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, count]) => `${name} ${count}`);
    console.log(`    ${settlements} settlements, ${table.total()} lies, ${forged} forged proofs`);
    if (isDeep) console.log(`    ${seen.join(' · ')}\n${table.toString().replace(/^/gm, '    ')}`);
  });

  it('ROOT-4 takes a proof against every lie, and none against an honest settlement', async () => {
    const evm = await evmVerifier();

    /** The kind told least often so far of which this settlement gives an occasion. */
    const choose = (kinds: readonly LieKind[], one: SettledCase): [LieKind, Assembled] | undefined => {
      for (const kind of kinds.toSorted((a, b) => table.tried(a.name) - table.tried(b.name))) {
        const lie = kind.tell(honestOf(one), numbers);
        if (lie !== undefined) return [kind, lie];
      }
      return undefined;
    };

    const expectCaught = async (
      one: SettledCase,
      { name, mayHide }: LieKind,
      lie: Assembled,
    ): Promise<Evidence | undefined> => {
      const context = contextOf(one.settled, lie.settlement, FORBIDDEN);
      const input = { context, reveal: revealFrom(lie.preimages), revealParent: one.revealParent };
      if (!(await evm.isProposable(context))) {
        table.note(name, REFUSED);
        return undefined;
      }
      const verdict = prove(input);
      if (verdict.kind === 'demand') {
        expect(mayHide, `ROOT-4 ${name}: leaf ${verdict.index} is ${verdict.reason}`).to.equal(true);
        table.note(name, 'not shown');
        return undefined;
      }
      if (verdict.kind !== 'disproof') {
        throw new Error(
          `ROOT-4 ${name}: survived (${verdict.kind}): ${asText(lie.settlement)} instead of ${asText(one.settled.settlement)}`,
        );
      }
      const { evidence, fault } = verdict.disproof;
      expect(await evm.held(context, [evidence]), `ROOT-4 ${name}: the contract does not take ${fault}`).to.deep.equal([
        true,
      ]);
      table.note(name, fault);
      return evidence;
    };

    let left = settlements;
    for (const one of settledCases('judged')) {
      const honest = contextOf(one.settled, one.settled.settlement, FORBIDDEN);
      for (const feature of featuresOf(one)) features.set(feature, (features.get(feature) ?? 0) + 1);
      expect(await evm.isProposable(honest), 'ROOT-4 honest').to.equal(true);
      const own = assemble(forgeryOf(one.settled));
      const input = { context: honest, reveal: revealFrom(own.preimages), revealParent: one.revealParent };
      expect(prove(input), 'ROOT-4 honest').to.deep.equal({ kind: 'sound' });

      // What proves a lie proves nothing against the truth.
      const tries: Evidence[] = [];
      for (const kinds of [CATALOGUE, MUTATIONS]) {
        const chosen = choose(kinds, one);
        const evidence = chosen === undefined ? undefined : await expectCaught(one, ...chosen);
        if (evidence !== undefined) tries.push(evidence);
      }
      const material = materialOf(one.settled, one.before, foreign);
      while (tries.length < forgeries) tries.push(forgedEvidence(material, numbers));
      const held = await evm.held(honest, tries);
      const at = held.indexOf(true);
      if (at >= 0) throw new Error(`ROOT-4 an honest settlement falls to ${asText(tries[at])}`);
      forged += tries.length;
      if (--left === 0) break;
    }
    if (isDeep) for (const { name } of [...CATALOGUE, ...MUTATIONS]) expect(table.tried(name), name).to.be.at.least(30);
    for (const size of SIZES) expect(features.get(`leaves: ${size}`), `trees of ${size} leaves`).to.be.greaterThan(0);
  });
});
