import type { Provider } from 'ethers';

import { checkDeployment } from '../../../deploy/check-deployment.ts';
import type { CheckCode } from '../../../deploy/checks/code.ts';
import { checkCode } from '../../../deploy/checks/code.ts';
import { Findings } from '../../../deploy/checks/findings.ts';
import type { DeploymentInputs } from '../../../deploy/inputs.ts';
import type { AddressBook } from '../../chain/address-book.ts';
import type { Contracts } from '../../chain/bindings.ts';
import { attach } from '../../chain/bindings.ts';
import { assertChain } from '../../chain/connect.ts';
import { pendingOperations, pendingProposals, settlementState } from '../../chain/pending.ts';
import { readOpenVetoes, readSuspended } from '../../chain/vetoes.ts';
import { RetryableError } from '../../protocol/errors.ts';
import { moment } from '../../chain/moment.ts';
import { vetoText } from '../output/veto-text.ts';
import type { Diagnosis, LiveState } from './diagnosis.ts';
import { findPowers } from './powers.ts';
import { attentionToPrice, examinePrice } from './price-health.ts';

export interface Diagnose {
  readonly addressBook: AddressBook;
  readonly inputs: DeploymentInputs;
  readonly provider: Provider;
  readonly compiled: CheckCode['compiled'];
}

/**
 * Looks at a live deployment: whether it still is what its preset and this repository say, what governance has changed, what
 * is pending, and who could still do harm. Reads only.
 *
 * @throws {InputError} `CHAIN_DIFFERS` when the node is on another chain
 */
export async function diagnose({ addressBook, inputs, provider, compiled }: Diagnose): Promise<Diagnosis> {
  await assertChain(addressBook, provider);
  const block = await provider.getBlock('latest');
  if (block === null) throw new RetryableError({ code: 'NODE_UNAVAILABLE', shortMessage: 'the node has no block' });
  const findings = new Findings();
  const code = await checkCode(findings, { addressBook, provider, compiled });
  const about = {
    chainId: addressBook.chainId,
    block: block.number,
    time: block.timestamp,
    preset: addressBook.preset,
    code,
  };
  if (findings.list.length > 0) {
    const attention = ['some code is not that of this repository, so nothing was asked of any contract'];
    return { ...about, sound: false, wrong: findings.list, changed: [], live: null, attention };
  }

  const contracts = attach(addressBook.contracts, provider);
  const handedOver = await contracts.handover.done();
  const found = await checkDeployment({ addressBook, inputs, provider, handedOver });
  const wrong = found.filter(({ changedBy }) => changedBy === 'nobody');
  const live = await readLive({ addressBook, contracts, provider, compiled, time: block.timestamp, handedOver });
  return {
    ...about,
    sound: wrong.length === 0,
    wrong,
    changed: found.filter(({ changedBy }) => changedBy === 'governance'),
    live,
    attention: attentionTo(live, addressBook, block.timestamp),
  };
}

interface ReadLive {
  readonly addressBook: AddressBook;
  readonly contracts: Contracts;
  readonly provider: Provider;
  readonly compiled: CheckCode['compiled'];
  readonly time: number;
  readonly handedOver: boolean;
}

async function readLive(request: ReadLive): Promise<LiveState> {
  const { addressBook, contracts, provider, compiled, time, handedOver } = request;
  const { curve, token } = contracts;
  const settlement = await settlementState(contracts, time);
  const price = await examinePrice({ contracts, provider, compiled, epoch: settlement.epoch, time });
  const suspended = await readSuspended({ contracts, addressBook }, time);
  return {
    curve: {
      total: await curve.TOTAL(),
      periods: (await curve.periods()).length,
      supply: await token.totalSupply(),
      cap: await token.CAP(),
    },
    price,
    settlement,
    operations: await pendingOperations(contracts, addressBook),
    proposals: await pendingProposals(contracts, addressBook),
    vetoes: await readOpenVetoes({ contracts, addressBook }, time),
    suspended,
    handedOver,
    powers: await findPowers({ addressBook, contracts, provider, price, suspended }),
  };
}

function attentionTo(live: LiveState, addressBook: AddressBook, time: number): string[] {
  const { price, settlement, operations, powers, handedOver } = live;
  const { epoch, nextToClose, nextToFinalise, proposal, pausedUntil, nextVerifier } = settlement;
  const overdue = epoch - nextToClose;
  const unsettled = nextToClose - nextToFinalise;
  const ready = operations.filter(({ state }) => state === 'ready').length;
  const keys = powers.filter(({ role, held }) => role === 'council' && held === 'key').length;
  const lines: readonly (readonly [boolean, string])[] = [
    [overdue > 0, `epochs that are over and not closed: ${overdue}`],
    [unsettled > 0 && proposal === null, `closed epochs without a settlement: ${unsettled}, and none is proposed`],
    [
      proposal !== null && proposal.openDemands > 0,
      `demanded leaves that nobody has shown: ${proposal?.openDemands}; unanswered they drop the settlement`,
    ],
    [
      nextVerifier !== null,
      `another verifier is announced: ${nextVerifier?.address} judges what is proposed from ${moment(nextVerifier?.from ?? 0)} on; read its code`,
    ],
    [
      nextVerifier === null && settlement.verifier.toLowerCase() !== addressBook.contracts.verifier,
      `proofs are judged by ${settlement.verifier}, which is not the verifier that was deployed; its code is not compared here`,
    ],
    [proposal !== null && proposal.until <= time, 'a settlement could be made final, and nobody has done it'],
    [pausedUntil > time, `proposals are paused until ${moment(pausedUntil)}`],
    [ready > 0, `operations of the timelock that could be executed now: ${ready}`],
    [
      !handedOver && keys > 0,
      'the council is one key: whoever gets it schedules what it likes; a wallet of several is safer',
    ],
  ];
  return [
    ...attentionToPrice(price, time),
    ...live.vetoes.map((veto) => vetoText(veto, time)),
    ...lines.filter(([holds]) => holds).map(([, line]) => line),
  ];
}
