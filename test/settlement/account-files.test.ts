import { expect } from 'chai';

import { auditHash } from '../../src/protocol/settlement-leaf.ts';
import { addressAt } from '../../src/settlement/columns/account-keys.ts';
import { auditAt } from '../../src/settlement/audit-writer.ts';
import { accountFiles, ACCOUNTS_FILE, ACCOUNTS_IN_ONE } from '../../src/settlement/report/account-files.ts';
import { canonicalBytes } from '../../src/settlement/report/canonical-json.ts';
import { accountsPath, prefixBitsFor, shardPath, shardRanges } from '../../src/settlement/report/prefix.ts';
import {
  accountPathsIn,
  accountsPathOf,
  parseAccounts,
  readActivity,
} from '../../src/settlement/report/read-accounts.ts';
import { readLoosely } from '../../src/settlement/report/loose-report.ts';
import type { EpochSettlement } from '../../src/settlement/settle-epoch.ts';
import { crowd, scatteredAddress } from '../support/crowd.ts';

/** As much of a report as its accounts are read from. */
function accountsOf(settled: EpochSettlement) {
  const bits = prefixBitsFor(settled.settlement.leafCount);
  const files = new Map(accountFiles(settled, bits));
  const shards = [...shardRanges(settled.next.accounts, bits)].map(({ prefix }) => shardPath(prefix, bits));
  const listed = Object.fromEntries([...files.keys(), ...shards].map((path) => [path, '']));
  return { files, manifest: { files: listed, prefixBits: bits }, bits };
}

describe('the accounts of a report', () => {
  it('stand in one file up to 16,384, which is canonical JSON', () => {
    const settled = crowd(ACCOUNTS_IN_ONE, scatteredAddress);
    const { files, manifest } = accountsOf(settled);
    expect(accountPathsIn(manifest)).to.deep.equal([ACCOUNTS_FILE]);
    const read = JSON.parse(new TextDecoder().decode(files.get(ACCOUNTS_FILE))) as never;
    expect(Buffer.from(canonicalBytes(read)).equals(files.get(ACCOUNTS_FILE)!)).to.be.true;
  });

  it('stand in one file for each shard from 16,385 on, and each part is enough for the audits of its leaves', () => {
    const settled = crowd(ACCOUNTS_IN_ONE + 1, scatteredAddress);
    const { files, manifest, bits } = accountsOf(settled);
    expect(files.has(ACCOUNTS_FILE)).to.be.false;
    const shards = [...shardRanges(settled.next.accounts, bits)].map(({ prefix }) => accountsPath(prefix, bits));
    expect(accountPathsIn(manifest)).to.deep.equal(shards);
    expect(readLoosely(files).accounts).to.have.length(settled.rows.length);
    const all = [...settled.rows];
    for (const wanted of [all[0]!, all[9_000]!, all.at(-1)!]) {
      const part = parseAccounts(
        accountsPathOf(manifest, wanted.account)!,
        files.get(accountsPathOf(manifest, wanted.account)!),
      );
      const { before, accounts } = part;
      const upTo = accounts.filter(({ index }) => index <= wanted.index);
      const sum = (from: bigint, of: (row: (typeof accounts)[number]) => bigint) =>
        upTo.reduce((total, row) => total + of(row), from);
      const audit = auditHash({
        scores: wanted.scores,
        accelerated: wanted.accelerated,
        runScores: before!.scores.map((from, i) => sum(from, ({ scores }) => scores[i]!)),
        runParticipants: before!.participants.map(
          (from, i) =>
            from + upTo.filter(({ scores }) => scores[i]! >= settled.record.minScores[i]! && scores[i]! > 0n).length,
        ),
        runGranted: sum(before!.granted, ({ grant }) => grant),
        runAccelerated: wanted.accelerated.map((_, j) =>
          sum(before!.accelerated[j] ?? 0n, ({ accelerated }) => accelerated[j]!),
        ),
      });
      expect(audit).to.deep.equal(new Uint8Array(auditAt(settled.audits, wanted.index)));
    }
    const { accounts, scores } = readActivity(files, manifest, settled.record.tasks);
    for (const [index, row] of all.entries()) {
      if (addressAt(accounts, index) !== row.account) throw new Error(`another account at ${index}`);
      if (row.scores.some((score, i) => scores[i]!.at(index) !== score)) throw new Error(`other scores at ${index}`);
    }
  });
});
