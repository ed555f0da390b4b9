import type { Command } from 'commander';

import type { Address } from '../../protocol/brands.ts';
import { totalOf, unlockedAt } from '../../protocol/vesting-curve.ts';
import type { AccountProof } from '../../store/read-account.ts';
import type { CommandContext } from '../io.ts';
import { accountOption } from '../options/account.ts';
import { reportFolder } from '../options/report-folder.ts';
import { MAX_EPOCH, wholeNumberOption } from '../options/whole-number.ts';
import { jsonDocument } from '../output/json-document.ts';
import { table } from '../output/table.ts';
import { counted, grouped, tokens } from '../../protocol/tokens.ts';

interface ProofFlags {
  readonly report: string;
  readonly account: Address;
  readonly epoch?: number;
  readonly json?: true;
}

const DESCRIPTION =
  "Takes an account's claim out of a published report: its vesting curve, its leaf and the path to the root, all checked. With --json in the shape that the vault's `claim` takes.";

/** `lode proof`: what an account shows to be paid. */
export function addProof(program: Command, { io }: CommandContext): void {
  program
    .command('proof')
    .summary("take an account's claim out of a report")
    .description(DESCRIPTION)
    .requiredOption('--report <dir>', "a replay folder, a folder of reports, or one epoch's report")
    .requiredOption('--account <address>', 'whose claim', accountOption('--account'))
    .option('--epoch <n>', 'of which epoch; without it the newest', wholeNumberOption('--epoch', 0, MAX_EPOCH))
    .option('--json', 'print one JSON document on stdout')
    .action(async ({ report, account, epoch, json }: ProofFlags) => {
      const folder = await reportFolder('--report', report, io.cwd);
      const { readProof } = await import('../../store/read-account.ts');
      const proof = await readProof({ folder, account, epoch });
      io.out(json === true ? jsonDocument(asDocument(proof)) : inWords(proof));
    });
}

function asDocument({
  epoch,
  account,
  index,
  curve,
  cohortWords,
  auditHash,
  siblings,
  root,
  leafCount,
  end,
}: AccountProof) {
  return {
    claim: {
      epoch,
      account,
      index,
      curve: { unlocked: curve.unlocked, cohorts: cohortWords },
      auditHash,
      proof: siblings,
    },
    root,
    leafCount,
    granted: totalOf(curve),
    end,
    free: unlockedAt(curve, end),
    cohorts: curve.cohorts,
  };
}

function inWords(proof: AccountProof): string {
  const { account, epoch, index, leafCount, root, curve, auditHash, siblings, end } = proof;
  const columns = [{ title: 'released from' }, { title: 'to' }, { title: 'amount', align: 'right' }] as const;
  const cohorts = curve.cohorts.map(({ end, duration, amount }) => [
    moment(end),
    moment(end + duration),
    tokens(amount),
  ]);
  const allFree = Math.max(0, ...curve.cohorts.map(({ end, duration }) => end + duration));
  const [free, freed] = [tokens(unlockedAt(curve, end)), tokens(curve.unlocked)];
  const width = Math.max(free.length, freed.length);
  return [
    `${account} after epoch ${epoch}: ${tokens(totalOf(curve))} granted in all\n\n`,
    `  free at the epoch's end  ${free.padStart(width)}  (${moment(end)} UTC)\n`,
    `  of it freed for good     ${freed.padStart(width)}\n`,
    cohorts.length === 0 ? '' : `\n${table(columns, cohorts).replace(/^(?=.)/gm, '  ')}`,
    cohorts.length === 0
      ? ''
      : `\n  all of it (${tokens(unlockedAt(curve, allFree))}) is free from ${moment(allFree)} on\n`,
    `\n  leaf      ${grouped(index + 1)} of ${grouped(leafCount)}\n`,
    `  root      ${root}\n`,
    `  audit     ${auditHash}\n`,
    `  proof     ${counted(siblings.length, 'hash', 'hashes')}, checked against the root; --json prints them\n`,
  ].join('');
}

function moment(time: number): string {
  return new Date(time * 1000).toISOString().slice(0, 16).replace('T', ' ');
}
