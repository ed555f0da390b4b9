import { rangePathOf } from '../../protocol/positional-merkle.ts';
import { bytesToHex, WORD } from '../../protocol/words.ts';
import { KEY } from '../columns/account-keys.ts';
import type { AccountTable, CohortTerms } from '../columns/account-table.ts';
import type { EpochSettlement } from '../settle-epoch.ts';
import { ByteWriter } from './byte-writer.ts';
import type { Json } from './canonical-json.ts';
import { canonicalJson } from './canonical-json.ts';
import { FORMATS } from './formats.ts';
import type { ShardRange } from './prefix.ts';
import { shardPath, shardRanges } from './prefix.ts';
import type { ReportFile } from './report-file.ts';

/** The proof shards of a settled epoch, one after the other; each is made when it is asked for. */
export function* shardFiles(settled: EpochSettlement, bits: number): Generator<ReportFile> {
  const writer = new ByteWriter();
  for (const range of shardRanges(settled.next.accounts, bits)) {
    writeShard(writer, settled, range);
    yield [shardPath(range.prefix, bits), writer.take()];
  }
}

/** Written by hand where the generic writer would be slow; the keys stand in canonical order. */
function writeShard(writer: ByteWriter, settled: EpochSettlement, { prefix, bits, first, end }: ShardRange): void {
  const { record, settlement, tree, audits, next } = settled;
  const firstAudit = audits.of[first] ?? 0;
  const lastAudit = audits.of[end - 1] ?? 0;
  writer.text('{"audits":[');
  for (let audit = firstAudit; audit <= lastAudit; audit++) {
    if (audit > firstAudit) writer.text(',');
    writer.hex(audits.hashes, audit * WORD, (audit + 1) * WORD);
  }
  const head = { epoch: record.epoch, first, format: FORMATS.shard, leafCount: settlement.leafCount };
  writer.text(`],${canonicalJson(head).slice(1, -1)},"leaves":[`);
  for (let index = first; index < end; index++) {
    if (index > first) writer.text(',');
    writeLeafRow(writer, next.accounts, index);
    writer.text(`,${(audits.of[index] ?? 0) - firstAudit}]`);
  }
  const path = rangePathOf(tree, first, end);
  const hex = (node: Uint8Array | undefined): Json => (node === undefined ? null : bytesToHex(node));
  const tail = canonicalJson({
    left: path.left.map(hex),
    prefix,
    prefixBits: bits,
    right: path.right.map(hex),
    root: settlement.root,
  });
  writer.text(`],${tail.slice(1)}\n`);
}

/** `["<account>","<unlocked>",[[end,duration,"<amount>"],…]` without the audit and the bracket behind it. */
function writeLeafRow(writer: ByteWriter, { columns }: AccountTable, index: number): void {
  const { keys, unlocked, firstCohort, cohortTerms, cohortAmounts, terms } = columns;
  writer.text('[').hex(keys, index * KEY, (index + 1) * KEY);
  let text = `,"${unlocked.at(index)}",[`;
  const first = firstCohort[index] as number; // Within the table, as is all that follows.
  for (let at = first; at < (firstCohort[index + 1] as number); at++) {
    const { end, duration } = terms[cohortTerms[at] as number] as CohortTerms;
    text += `${at > first ? ',' : ''}[${end},${duration},"${cohortAmounts.at(at)}"]`;
  }
  writer.text(`${text}]`);
}
