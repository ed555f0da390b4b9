import { expect } from 'chai';

import type { Address } from '../../../src/protocol/brands.ts';
import { InputError } from '../../../src/protocol/errors.ts';
import { findFault } from '../../../src/settlement/faults/find-fault.ts';
import { openTree, revealFrom } from '../../../src/settlement/faults/open-tree.ts';
import { reportPreimages } from '../../../src/settlement/faults/report-preimages.ts';
import { answerPreimages, leafAnswer } from '../../../src/settlement/prover/leaf-answer.ts';
import type { ReportFiles } from '../../../src/settlement/report/report-file.ts';
import { buildReport } from '../../../src/settlement/report/build-report.ts';
import type { EpochSettlement } from '../../../src/settlement/settle-epoch.ts';
import { settleEpoch } from '../../../src/settlement/settle-epoch.ts';
import { contextOf } from '../../support/forgery.ts';
import { settledCases } from '../../support/settled-cases.ts';

const ACCOUNTS = 1300;

/** A first epoch of several shards. */
function manyAccounts(): EpochSettlement {
  for (const { settled } of settledCases('damaged')) {
    const { parent, record } = settled;
    const task = record.tasks[0];
    if (record.epoch !== 0 || task === undefined || settled.settlement.granted === 0n) continue;
    const scores = Array.from({ length: ACCOUNTS }, (_, n) => ({
      account: `0x${(BigInt(n + 100) << 149n).toString(16).padStart(40, '0')}` as Address,
      task,
      score: 10n ** 20n + BigInt(n),
    }));
    return settleEpoch({ parent, record, scores, uses: [], unlockPerUse: 0n });
  }
  throw new Error('there are histories without end');
}

interface AccountRow {
  scores: string[];
  grant: string;
}

interface ShardFile {
  first?: number;
  leafCount?: number;
  extra?: number;
  leaves: unknown[][];
  audits: string[];
  left: (string | null)[];
  right: (string | null)[];
}

describe('a report in which something is broken', () => {
  const settled = manyAccounts();
  const files = buildReport(settled, { parentManifest: null, inputs: {}, unlockPerUse: 0n, rejects: [] });
  const shards = [...files.keys()].filter((path) => path.startsWith('shards/')).sort();
  const context = contextOf(settled);
  const rangeOf = (path: string) => {
    const { first, leaves } = jsonOf(path) as ShardFile & { first: number };
    return { first, end: first + leaves.length };
  };

  function jsonOf(path: string): unknown {
    return JSON.parse(new TextDecoder().decode(files.get(path)));
  }

  function withFile(path: string, text: string): ReportFiles {
    return new Map([...files, [path, new TextEncoder().encode(text)]]);
  }

  function withAccounts(bend: (rows: AccountRow[]) => void): ReportFiles {
    const document = jsonOf('accounts.json') as { accounts: AccountRow[] };
    bend(document.accounts);
    return withFile('accounts.json', JSON.stringify(document));
  }

  function withShard(path: string, bend: (shard: ShardFile) => void): ReportFiles {
    const document = jsonOf(path) as ShardFile;
    bend(document);
    return withFile(path, JSON.stringify(document));
  }

  /** All that is shown, whatever is said in the end. */
  function shownBy(damaged: ReportFiles, known?: typeof context): Uint8Array[] {
    const shown: Uint8Array[] = [];
    try {
      for (const bytes of reportPreimages(damaged, known)) shown.push(bytes);
    } catch (error) {
      expect(error).to.be.instanceOf(InputError);
    }
    return shown;
  }

  /** The leaves that are not opened in full. */
  function hidden(preimages: readonly Uint8Array[]): number[] {
    const { leaves, unavailable } = openTree(context.settlement, revealFrom(preimages), 'curve and audit');
    const open = new Set(leaves.flatMap(({ index, curve, audit }) => (curve && audit ? [index] : [])));
    const rest = Array.from({ length: ACCOUNTS }, (_, n) => n).filter((n) => !open.has(n));
    expect(unavailable, 'the first leaf that is hidden').to.equal(rest[0]);
    return rest;
  }

  const between = (first: number, end: number): number[] => Array.from({ length: end - first }, (_, n) => first + n);

  it('opens all of it where nothing that a leaf is made of is broken', () => {
    expect(shards.length).to.be.greaterThan(2);
    expect(hidden([...reportPreimages(files)])).to.deep.equal([]);
    const plain = new TextDecoder().decode(files.get('accounts.json'));
    const [first = '', second = '', third = ''] = shards;
    const damaged: Record<string, ReportFiles> = {
      'a key too many among the accounts': withFile('accounts.json', plain.replace('{', '{"extra":1,')),
      'a manifest that is none, but its figures': withFile(
        'manifest.json',
        new TextDecoder().decode(files.get('manifest.json')).replace('lode-report-v1', 'lode-report-v0'),
      ),
      'an account whose row cannot be read': withAccounts((rows) => (rows[700]!.scores[0] = 'x')),
      'the first one': withAccounts((rows) => (rows[0]!.grant = '-1')),
      'the last one': withAccounts((rows) => (rows.at(-1)!.scores = [])),
      'a key too many in a shard': withShard(second, (shard) => (shard.extra = 1)),
      'a shard that does not say where it begins': withShard(second, (shard) => delete shard.first),
      'or how many leaves there are': withShard(third, (shard) => delete shard.leafCount),
      'a path that leads nowhere': withShard(second, (shard) => (shard.left = shard.left.map(() => 'nowhere'))),
      'a path that leads elsewhere': withShard(
        first,
        (shard) => (shard.right = shard.right.map(() => `0x${'77'.repeat(32)}`)),
      ),
    };
    for (const [name, report] of Object.entries(damaged)) expect(hidden(shownBy(report)), name).to.deep.equal([]);
    const none = withFile('manifest.json', 'nothing');
    expect(hidden(shownBy(none, context)), 'no manifest, but what the chain knows').to.deep.equal([]);
  });

  it('hides exactly the leaves of which it has not all', () => {
    const [, second = '', third = ''] = shards;
    const wrong = withAccounts((rows) => (rows[700]!.scores[0] = '1'));
    expect(hidden(shownBy(wrong)), 'a wrong score').to.deep.equal([700]);
    const missing = withAccounts((rows) => rows.splice(321, 1));
    expect(hidden(shownBy(missing)), 'an account left out').to.deep.equal([321]);
    const two = withAccounts((rows) => [rows[40]!, rows[44]!].forEach((row) => (row.grant = 'x')));
    expect(hidden(shownBy(two)), 'two rows').to.deep.equal(between(40, 45));
    const { first, end } = rangeOf(second);
    expect(hidden(shownBy(withFile(second, '{'))), 'a shard').to.deep.equal(between(first, end));
    const without = new Map([...files].filter(([path]) => path !== third));
    const last = rangeOf(third);
    expect(hidden(shownBy(without)), 'a shard that is not there').to.deep.equal(between(last.first, last.end));
    const noAccounts = withFile('accounts.json', '[');
    const known = openTree(context.settlement, revealFrom(shownBy(noAccounts)), 'curve');
    expect(known.unavailable, 'the curves need no accounts').to.equal(undefined);
  });

  it('is whole again once the leaf of a broken row of a shard is shown', () => {
    const [, second = ''] = shards;
    const { first, end } = rangeOf(second);
    const at = 100;
    const broken = withShard(second, (shard) => (shard.leaves[at]![1] = 'x'));
    const around = hidden(shownBy(broken));
    expect(around, 'without the hash of its leaf').to.include(first + at);
    expect(
      around.every((index) => index >= first && index < end),
      'leaves of other shards',
    ).to.equal(true);
    expect(around.length, 'what others lead to').to.be.below(end - first);
    const answer = leafAnswer(context.settlement, revealFrom(reportPreimages(files)), first + at)!;
    const shown = [...shownBy(broken), ...answerPreimages(first + at, answer)];
    expect(hidden(shown)).to.deep.equal([]);
    expect(findFault({ context, reveal: revealFrom(shown), revealParent: () => undefined })).to.equal(null);
  });

  it('says what is wrong, after all that can be read', () => {
    const broken = withAccounts((rows) => (rows[3]!.grant = 'x'));
    expect(() => [...reportPreimages(broken)]).to.throw(InputError, 'accounts.json');
    expect(() => [...reportPreimages(new Map())]).to.throw(InputError, 'manifest.json');
  });
});
