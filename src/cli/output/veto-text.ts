import type { OpenVeto, SuspendedOperator } from '../../chain/vetoes.ts';
import { moment } from '../../chain/moment.ts';
import { tokens } from '../../protocol/tokens.ts';

/** A veto that waits for a ruling, or for somebody to release the bond: until when, and by which command. */
export function vetoText(veto: OpenVeto, time: number): string {
  const { proposalId, epoch, operator, reason, bond, rulingUntil, beginUntil, lapsed } = veto;
  const what = `settlement ${proposalId} of epoch ${epoch}, by ${operator}, vetoed for ${JSON.stringify(reason)}, ${tokens(bond, 6)} of the native coin held`;
  if (lapsed) {
    return `${what}: nobody ruled until ${moment(rulingUntil)}; \`lode withdraw --account ${operator}\` pays the bond back`;
  }
  const rule = `\`lode governance propose --rule-veto ${proposalId}=upheld\` or \`=lifted\``;
  const begin =
    time > beginUntil ? `, for which it is too late since ${moment(beginUntil)}` : ` by ${moment(beginUntil)}`;
  return `${what}: to be ruled about before ${moment(rulingUntil)}, ${rule}${begin}; without a ruling it lapses, and the bond goes back`;
}

/** Why an operator may not propose, and what ends it. */
export function suspensionText({ operator, until, proposalId, state }: SuspendedOperator): string {
  if (until !== null)
    return `suspended until ${moment(until)}: settlement ${proposalId} is vetoed, and nobody has ruled`;
  const why =
    state === 'disproved'
      ? `settlement ${proposalId} was disproved`
      : `the veto of settlement ${proposalId} was upheld`;
  return `suspended until governance readmits it (\`--readmit ${operator}\`): ${why}`;
}
