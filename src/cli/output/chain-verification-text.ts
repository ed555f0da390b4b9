import type { EpochVerdict } from '../../operator/verify-from-chain.ts';
import type { DeploymentVerification } from '../verify/from-chain.ts';
import { counted } from '../../protocol/tokens.ts';
import { visible } from './visible.ts';

/** One epoch in one line; two where something is wrong. */
export function verdictText({ epoch, outcome, root, inputs, bytes, code, reason }: EpochVerdict): string {
  const name = `epoch ${epoch.toString().padStart(6, ' ')}`;
  if (outcome === 'equal') {
    return `${name}  equal      root ${root.slice(0, 18)}…  ${counted(inputs, 'new input')}, ${counted(bytes, 'byte')}\n`;
  }
  const words = outcome === 'different' ? 'DIFFERENT' : 'unknown';
  return `${name}  ${words.padEnd(9)}  root ${root.slice(0, 18)}…\n  ${code ?? ''}: ${visible(reason ?? '')}\n`;
}

/** What all of it came to. */
export function verificationText({ equal, final, epochs, block }: DeploymentVerification): string {
  const at = `as of block ${block.number}`;
  if (equal && final === 0) return `no epoch is final ${at}: there is nothing to verify yet\n`;
  if (equal) {
    return `all ${counted(final, 'final epoch')} ${at} recomputed from what is published: every root, every settlement and every byte is what the inputs give\n`;
  }
  const last = epochs.at(-1);
  const before = counted(epochs.length - 1, 'epoch');
  const rest = final - epochs.length;
  const behind = rest === 0 ? '' : `; the ${counted(rest, 'epoch')} behind it stand on it and were not looked at`;
  return last?.outcome === 'different'
    ? `NOT what the inputs give: epoch ${last.epoch}; ${before} before it ${epochs.length === 2 ? 'is' : 'are'} equal${behind}\n`
    : `nobody can say of epoch ${last?.epoch ?? 0}; ${before} before it ${epochs.length === 2 ? 'is' : 'are'} equal${behind}\n`;
}
