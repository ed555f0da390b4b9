import { expect } from 'chai';
import { network } from 'hardhat';

import { DAY, MAX_UINT128, NO_LAW, PRICE_REASON, reserveLaw, START, WAD } from '../../support/contract-values.ts';
import type { ReserveLaw } from '../../support/contract-values.ts';
import { fixtureLoader } from '../../support/fixture-loader.ts';

const { ethers, networkHelpers } = await network.create();
const loadFixture = fixtureLoader(networkHelpers);

const MAX_WORD = 2n ** 256n - 1n;
const PRICE_READ_GAS = 1_500_000n;
/** The stipend, the 64th that the EVM keeps back, and what is spent between the check and the call. */
const NEEDED = PRICE_READ_GAS + PRICE_READ_GAS / 63n + 1n + 10_000n;

/** Before the start, so that the parameters of epoch 0 can be replaced at will. */
async function anyReserve() {
  const [governor, someone] = await ethers.getSigners();
  const manager = await ethers.deployContract('MiningAuthority', [governor!.address]);
  const authority = await manager.getAddress();
  const token = await ethers.deployContract('MiningToken', ['Lode', 'LODE', authority, [], 1n]);
  const curve = await ethers.deployContract('EmissionCurve', [START, DAY, [{ end: START + DAY, cumulative: 1n }]]);
  const args = [authority, await token.getAddress(), await curve.getAddress(), { ...NO_LAW }] as const;
  const reserve = await ethers.deployContract('StabilizationReserve', [...args]);
  return { reserve, someone: someone! };
}

/** Asks for the price of epoch 0 under a law. */
async function ask(parameters: ReserveLaw, overrides: { gasLimit?: bigint } = {}) {
  const { reserve } = await loadFixture(anyReserve);
  await reserve.scheduleParameters(0n, parameters);
  const { price, reason } = await reserve.readPrice(0n, START, START + DAY, overrides);
  return { price, reason };
}

/** A reserve whose law for epoch 0 asks a source of the zoo. */
async function reserveAsking(name: string, args: unknown[] = []) {
  const { reserve } = await loadFixture(anyReserve);
  const source = await ethers.deployContract(name, args);
  await reserve.scheduleParameters(0n, reserveLaw({ priceSource: await source.getAddress() }));
  return { reserve, source };
}

describe('StabilizationReserve', () => {
  describe('readPrice', () => {
    describe('given a law without a price term', () => {
      it('does not ask without a law, however the source behaves', async () => {
        const source = await ethers.deployContract('GasBurningPriceSource');
        const law = { ...NO_LAW, alpha: WAD, priceSource: await source.getAddress() };
        expect(await ask(law)).to.deep.equal({ price: 0n, reason: PRICE_REASON.notNeeded });
      });

      it('does not ask with alpha 0, and needs no gas for it', async () => {
        const source = await ethers.deployContract('GasBurningPriceSource');
        const law = reserveLaw({ alpha: 0n, priceSource: await source.getAddress() });
        expect(await ask(law, { gasLimit: 60_000n })).to.deep.equal({ price: 0n, reason: PRICE_REASON.notNeeded });
      });
    });

    describe('given a source that gives a price', () => {
      for (const price of [1n, WAD, MAX_UINT128]) {
        it(`uses ${price}`, async () => {
          const { reserve } = await reserveAsking('FixedPriceSource', [price]);
          const { price: read, reason } = await reserve.readPrice(0n, START, START + DAY);
          expect({ read, reason }).to.deep.equal({ read: price, reason: PRICE_REASON.used });
        });
      }

      it('asks for the epoch, by the parameters of the epoch', async () => {
        const { reserve } = await loadFixture(anyReserve);
        const source = await ethers.deployContract('SettablePriceSource');
        await source.setPrice(START, 2n * WAD);
        await source.setPrice(START + DAY, 3n * WAD);
        await reserve.scheduleParameters(1n, reserveLaw({ priceSource: await source.getAddress() }));
        const read = async (epoch: bigint, end: bigint) => [...(await reserve.readPrice(epoch, START, end))];
        expect(await read(0n, START + DAY)).to.deep.equal([0n, PRICE_REASON.notNeeded]);
        expect(await read(1n, START + DAY)).to.deep.equal([2n * WAD, PRICE_REASON.used]);
        expect(await read(1n, START + 2n * DAY)).to.deep.equal([3n * WAD, PRICE_REASON.used]);
      });
    });

    describe('given a source that misbehaves', () => {
      const zoo: { name: string; args?: unknown[]; reason: bigint; what: string }[] = [
        { name: 'RevertingPriceSource', reason: PRICE_REASON.callFailed, what: 'reverts' },
        { name: 'RevertBombPriceSource', reason: PRICE_REASON.callFailed, what: 'reverts with a hundred kilobytes' },
        { name: 'GasBurningPriceSource', reason: PRICE_REASON.callFailed, what: 'burns all its gas' },
        { name: 'LoopingPriceSource', reason: PRICE_REASON.callFailed, what: 'never ends' },
        { name: 'WritingPriceSource', reason: PRICE_REASON.callFailed, what: 'tries to write' },
        { name: 'EmptyReturnPriceSource', reason: PRICE_REASON.badReturn, what: 'answers nothing' },
        { name: 'ShortReturnPriceSource', reason: PRICE_REASON.badReturn, what: 'answers 31 bytes' },
        { name: 'LongReturnPriceSource', reason: PRICE_REASON.badReturn, what: 'answers two words' },
        { name: 'ReturnBombPriceSource', reason: PRICE_REASON.badReturn, what: 'answers a hundred kilobytes' },
        { name: 'FixedPriceSource', args: [0n], reason: PRICE_REASON.zero, what: 'says 0' },
        { name: 'FixedPriceSource', args: [MAX_UINT128 + 1n], reason: PRICE_REASON.tooHigh, what: 'says 2^128' },
        { name: 'FixedPriceSource', args: [MAX_WORD], reason: PRICE_REASON.tooHigh, what: 'says 2^256 - 1, or -1' },
        {
          name: 'FixedPriceSource',
          args: [2n ** 255n],
          reason: PRICE_REASON.tooHigh,
          what: 'says the lowest negative number',
        },
        {
          name: 'MiningToken',
          args: ['', '', '0x01', [], 1n],
          reason: PRICE_REASON.callFailed,
          what: 'is another contract',
        },
      ];
      for (const { name, args = [], reason, what } of zoo) {
        it(`RSRV-3 goes on without a price when it ${what}`, async () => {
          const { reserve, someone } = await loadFixture(anyReserve);
          const ofToken = name === 'MiningToken' ? ['', '', someone.address, [], 1n] : args;
          const { reserve: asking } = await reserveAsking(name, ofToken);
          expect(await asking.getAddress()).to.equal(await reserve.getAddress());
          const answer = await asking.readPrice(0n, START, START + DAY);
          expect([...answer], 'RSRV-3').to.deep.equal([0n, reason]);
        });
      }

      it('RSRV-3 goes on without a price when nobody is named', async () => {
        expect(await ask(reserveLaw()), 'RSRV-3').to.deep.equal({ price: 0n, reason: PRICE_REASON.noSource });
      });

      it('RSRV-3 goes on without a price when there is no contract', async () => {
        const { someone } = await loadFixture(anyReserve);
        const law = reserveLaw({ priceSource: someone.address });
        expect(await ask(law), 'RSRV-3').to.deep.equal({ price: 0n, reason: PRICE_REASON.noCode });
      });

      it('RSRV-3 never costs more than the stipend and a little, whatever comes back', async () => {
        for (const name of [
          'GasBurningPriceSource',
          'LoopingPriceSource',
          'ReturnBombPriceSource',
          'RevertBombPriceSource',
        ]) {
          const { reserve } = await reserveAsking(name);
          const { reason } = await reserve.readPrice(0n, START, START + DAY, { gasLimit: 1_600_000n });
          expect(reason, `RSRV-3 ${name}`).to.not.equal(PRICE_REASON.used);
        }
      });
    });

    describe('given too little gas', () => {
      it('RSRV-3 fails as a whole, at every amount, and never turns a good source into none', async () => {
        const { reserve } = await reserveAsking('FixedPriceSource', [WAD]);
        let failed = 0;
        let used = 0;
        for (let gasLimit = 40_000n; gasLimit < 1_700_000n; gasLimit += gasLimit < 1_500_000n ? 97_001n : 991n) {
          const answer = await reserve
            .readPrice(0n, START, START + DAY, { gasLimit })
            .catch((error: unknown) => error as Error);
          if (answer instanceof Error) {
            expect(used, 'RSRV-3 fails with more gas than was enough').to.equal(0);
            failed += 1;
          } else {
            expect([...answer], 'RSRV-3').to.deep.equal([WAD, PRICE_REASON.used]);
            used += 1;
          }
        }
        expect(failed > 10 && used > 100, `RSRV-3 ${failed} failed, ${used} used`).to.equal(true);
      });

      it('RSRV-3 says how much is missing', async () => {
        const { reserve } = await reserveAsking('FixedPriceSource', [WAD]);
        await expect(reserve.readPrice(0n, START, START + DAY, { gasLimit: 1_500_000n }), 'RSRV-3')
          .to.be.revertedWithCustomError(reserve, 'PriceRead_GasTooLow')
          .withArgs((left: bigint) => left > 1_400_000n && left < NEEDED, NEEDED);
      });

      it('RSRV-3 gives the source exactly the same gas, however much is sent', async () => {
        const { reserve } = await reserveAsking('GasTellingPriceSource');
        const told = new Set<bigint>();
        // The very least that is enough comes first, for there the EVM's 64th would show.
        let [tooLittle, least] = [1_500_000n, 1_600_000n];
        while (least - tooLittle > 1n) {
          const gasLimit = (tooLittle + least) / 2n;
          const enough = await reserve.readPrice(0n, START, START + DAY, { gasLimit }).then(
            () => true,
            () => false,
          );
          if (enough) least = gasLimit;
          else tooLittle = gasLimit;
        }
        for (const gasLimit of [least, 1_600_001n, 2_000_000n, 5_000_003n, 16_000_000n]) {
          const { price, reason } = await reserve.readPrice(0n, START, START + DAY, { gasLimit });
          expect(reason).to.equal(PRICE_REASON.used);
          told.add(price);
        }
        const [gas] = [...told];
        expect(told.size, 'RSRV-3').to.equal(1);
        expect(gas! <= PRICE_READ_GAS && gas! > PRICE_READ_GAS - 1000n, `RSRV-3 ${gas}`).to.equal(true);
      });
    });
  });
});
