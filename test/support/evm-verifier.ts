import { AbiCoder, getBytes } from 'ethers';
import { network } from 'hardhat';

import { recordToChain } from '../../src/chain/convert.ts';
import { abiBytes, abiList, abiTuple, abiWord } from '../../src/protocol/abi-values.ts';
import { bytesToHex } from '../../src/protocol/words.ts';
import type { Evidence, FaultContext } from '../../src/settlement/faults/evidence.ts';
import { encodeProof, faultNumber, faultOf } from '../../src/settlement/prover/encode-proof.ts';
import { disputeOf } from './disputes.ts';

/** Enough for a few hundred proofs in one call. */
const CALL_GAS = '0x3b9aca00';

/** The contracts that judge a settlement, on a chain of their own: whatever dispute they are shown, they take it as the truth. */
export async function evmVerifier() {
  const override = { transactionGasCap: 1_000_000_000, blockGasLimit: 1_000_000_000 };
  const { ethers } = await network.create({ network: 'default', override });
  const verifier = await ethers.deployContract('SettlementVerifier');
  const arithmetic = await ethers.deployContract('SettlementArithmetic');
  const batch = await ethers.deployContract('ProofBatch');
  const address = await verifier.getAddress();
  const batchAddress = await batch.getAddress();
  const { selector } = batch.interface.getFunction('held');
  const { provider } = ethers;
  const coder = AbiCoder.defaultAbiCoder();
  const disputeType = verifier.interface.getFunction('proves').inputs[0]!;

  return {
    /** Which of the proofs the contract takes. */
    async held(context: FaultContext, evidence: readonly Evidence[]): Promise<readonly boolean[]> {
      // What the encoder puts before a struct of varying length is its offset.
      const dispute = getBytes(coder.encode([disputeType], [disputeOf(context)])).subarray(32);
      const faults = evidence.map((one) => abiWord(BigInt(faultNumber(faultOf(one)))));
      const proofs = evidence.map((one) => abiBytes(encodeProof(one)));
      // Encoded by hand and sent as it is: megabytes of hexadecimal take ethers longer than the chain.
      const values = abiTuple([abiWord(BigInt(address)), abiBytes(dispute), abiList(faults), abiList(proofs)]);
      const data = selector + bytesToHex(values.bytes).slice(2);
      const answer: unknown = await provider.send('eth_call', [{ to: batchAddress, data, gas: CALL_GAS }, 'latest']);
      return batch.interface.decodeFunctionResult('held', String(answer))[0] as boolean[];
    },
    /** Whether the distributor would take the proposal at all. */
    async isProposable(context: FaultContext): Promise<boolean> {
      const { settlement, reserve, total } = disputeOf(context);
      try {
        await arithmetic.check(recordToChain(context.record), settlement, reserve, total);
        return true;
      } catch (error) {
        // A revert of the contract's own, or figures that no such field can hold.
        const code = (error as { code?: unknown }).code;
        if (code === 'CALL_EXCEPTION' || code === 'INVALID_ARGUMENT' || /revert/.test(String(error))) return false;
        throw error;
      }
    },
  };
}

export type EvmVerifier = Awaited<ReturnType<typeof evmVerifier>>;
