import type { Claim } from '../../src/chain/convert.ts';
import { claimFromProof } from '../../src/chain/convert.ts';
import type { Proposal } from '../../src/chain/epoch-steps.ts';
import { parseAddress, parseHash32 } from '../../src/protocol/brands.ts';
import { InputError } from '../../src/protocol/errors.ts';
import { bytesToHex } from '../../src/protocol/words.ts';
import { claimProof, shardPathOf } from '../../src/settlement/proof.ts';
import { contentIdOf } from '../../src/settlement/report/content-id.ts';
import { manifestSchema, parseReportFile, shardSchema } from '../../src/settlement/report/report-schema.ts';
import { readReport } from '../../src/store/report-folder.ts';

/** What a report folder proposes: its manifest's record, basis and settlement, and the content id of the folder itself. */
export async function proposalOf(folder: string): Promise<Proposal> {
  const files = await filesOf(folder);
  const { record, basis, settlement } = parseReportFile(manifestSchema, 'manifest.json', files.get('manifest.json'));
  const reportCid = parseHash32(bytesToHex((await contentIdOf(files)).digest));
  return { record, basis, settlement: { ...settlement, reportCid } };
}

/** The claims of some accounts, made from a report folder's shards. */
export async function claimsOf(folder: string, accounts: readonly string[]): Promise<Claim[]> {
  const files = await filesOf(folder);
  const manifest = parseReportFile(manifestSchema, 'manifest.json', files.get('manifest.json'));
  return accounts.map((text) => {
    const account = parseAddress(text);
    const path = shardPathOf(manifest, account);
    const shard = parseReportFile(shardSchema, path, files.get(path));
    return claimFromProof(claimProof(shard, account, manifest.settlement.root));
  });
}

async function filesOf(folder: string): Promise<Map<string, Uint8Array>> {
  const files = await readReport(folder);
  if (files.size > 0) return files;
  throw new InputError({
    code: 'REPORT_MISSING',
    shortMessage: `there is no report in ${folder}`,
    details: { folder },
  });
}
