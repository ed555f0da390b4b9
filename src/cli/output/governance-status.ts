import { ZERO_ADDRESS } from '../../protocol/brands.ts';
import type { GovernanceStatus } from '../../chain/governance/status.ts';
import { moment } from '../../chain/moment.ts';
import { lasting } from './lasting.ts';
import { counted, grouped, percent, tokens } from '../../protocol/tokens.ts';
import { suspensionText, vetoText } from './veto-text.ts';

type Proposal = GovernanceStatus['proposals'][number];

/** Who decides, and what is being decided, for reading. */
export function statusText(status: GovernanceStatus): string {
  const { block, time, inOffice, council, settings, circulating, supply, quorum } = status;
  const who = inOffice === 'council' ? `the council ${council} decides` : 'the holders decide';
  const { votingDelay, votingPeriod, lateQuorum, queuePeriod, timelockDelay } = settings;
  return [
    `block ${grouped(block)}, ${moment(time)}: ${who}\n`,
    `a vote begins ${lasting(votingDelay)} after its proposal and lasts ${lasting(votingPeriod)}; `,
    `a quorum reached late leaves ${lasting(lateQuorum)}; to be queued within ${lasting(queuePeriod)}\n`,
    `the timelock waits ${lasting(timelockDelay)}; proposing takes ${tokens(settings.proposalThreshold)} votes\n`,
    `quorum now ${tokens(quorum)}: ${percent(settings.quorum)} of ${tokens(circulating)} in circulation, `,
    `at least ${tokens(settings.quorumFloor)}; supply ${tokens(supply)}\n`,
    `delegated: ${tokens(status.delegated)} votes of ${counted(status.delegates.length, 'account')}\n`,
    handoverText(status),
    powerText(status),
    section('before the holders', status.proposals.map(proposalText)),
    section('scheduled by the council', status.operations.map(operationText)),
    section(
      'vetoes without a ruling',
      status.vetoes.map((veto) => vetoText(veto, time)),
    ),
    section(
      'suspended operators',
      status.suspended.map((one) => `${one.operator} ${suspensionText(one)}`),
    ),
  ].join('');
}

function handoverText({ handover, time }: GovernanceStatus): string {
  const { done, votes, needed, openAfter, standing } = handover;
  if (done) return '';
  const open = time >= openAfter ? 'anyone may do it' : `the council may do it, from ${moment(openAfter)} on anyone`;
  const missing = votes < needed ? `, ${tokens(needed - votes)} are missing` : '';
  return `hand-over: ${tokens(votes)} votes that have stood for ${lasting(standing)}, needed ${tokens(needed)}${missing}; ${open}\n`;
}

function powerText({ power, suspended }: GovernanceStatus): string {
  if (power === null) return '';
  const { account, balance, delegate, votes, canPropose, roles } = power;
  const through =
    delegate === account
      ? 'votes itself'
      : delegate === ZERO_ADDRESS
        ? 'has delegated to nobody'
        : `votes through ${delegate}`;
  const is = roles.length === 0 ? '' : `, is ${roles.join(' and ')}`;
  const suspension = suspended.find(({ operator }) => operator === account);
  const but = suspension === undefined ? '' : `, ${suspensionText(suspension)}`;
  const may = canPropose ? 'may propose' : 'may not propose';
  return `\n${account}: ${tokens(balance)} tokens, ${through}, has ${tokens(votes)} votes, ${may}${is}${but}\n`;
}

function proposalText(proposal: Proposal): string {
  const { short, votes, quorum, words, voted, weight, proposer } = proposal;
  const cast = `for ${tokens(votes.for)}, against ${tokens(votes.against)}, abstaining ${tokens(votes.abstain)}`;
  const needed = quorum === null ? '' : `; needed ${tokens(quorum)}`;
  const own = voted === null ? '' : voted ? '; you have voted' : `; you have ${tokens(weight ?? 0n)} votes in it`;
  return [
    `${short}  ${reasonOf(proposal)}, by ${proposer}`,
    `    ${whereItStands(proposal)}`,
    `    ${cast}${needed}${own}`,
    ...words.map((line) => `      ${line}`),
  ].join('\n');
}

/** What was proposed, as one entry of a list: without the words that hold it to its proposer, who is named anyway. */
function reasonOf({ description, proposer }: Proposal): string {
  const [reason = '', held = '', ...more] = description.split(/\n(?=#proposer=0x[0-9a-fA-F]{40}$)/);
  const own = more.length === 0 && held.toLowerCase() === `#proposer=${proposer}`;
  return (own ? reason : description).replaceAll('\n', '\n    ');
}

function whereItStands({ state, voteStart, voteEnd, queueUntil, readyAt }: Proposal): string {
  switch (state) {
    case 'pending':
      return `pending: the vote begins ${moment(voteStart)} and ends ${moment(voteEnd)}`;
    case 'active':
      return `active: the vote ends ${moment(voteEnd)}`;
    case 'succeeded':
      return `succeeded: to be queued until ${moment(queueUntil)}`;
    case 'queued':
      return `queued: can be executed from ${moment(readyAt)} on`;
    default:
      return state;
  }
}

function operationText({ short, state, readyAt, words }: GovernanceStatus['operations'][number]): string {
  const where = readyAt === 0 ? state : `${state}: can be executed from ${moment(readyAt)} on`;
  return [`${short}  ${where}`, ...words.map((line) => `      ${line}`)].join('\n');
}

function section(title: string, entries: readonly string[]): string {
  return entries.length === 0 ? '' : `\n${title}\n${entries.map((entry) => `  ${entry}\n`).join('')}`;
}
