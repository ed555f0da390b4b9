import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { expect } from 'chai';
import fc from 'fast-check';

import type { FinalEpoch } from '../../src/chain/final-epochs.ts';
import { recomputeFetched } from '../../src/operator/recompute-fetched.ts';
import type { EpochVerdict, Recomputed } from '../../src/operator/verify-from-chain.ts';
import { verifyFromChain } from '../../src/operator/verify-from-chain.ts';
import { parseAddress, parseHash32 } from '../../src/protocol/brands.ts';
import { InputError } from '../../src/protocol/errors.ts';
import { bytesToHex } from '../../src/protocol/words.ts';
import { basisOf } from '../../src/settlement/basis.ts';
import { buildReport } from '../../src/settlement/report/build-report.ts';
import { contentIdOf } from '../../src/settlement/report/content-id.ts';
import type { ReportInput } from '../../src/settlement/report/inputs-file.ts';
import { INPUTS_FILE, INPUTS_FORMAT } from '../../src/settlement/report/inputs-file.ts';
import { sha256Hex } from '../../src/settlement/report/sha256.ts';
import type { EpochSettlement } from '../../src/settlement/settle-epoch.ts';
import { inputPath } from '../../src/store/fetch-input.ts';
import { folderPlace } from '../../src/store/parse-report-place.ts';
import { writeFiles } from '../../src/store/folder-writer.ts';
import { seed } from '../support/effort.ts';
import { expectCode } from '../support/expect-code.ts';
import { histories, runHistory } from '../support/history.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const CID = 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy';

/** An epoch as the chain has it, its report, and what it was computed from. */
interface Published extends Recomputed {
  readonly final: FinalEpoch;
  readonly input: ReportInput;
  readonly bytes: Uint8Array;
}

/** Four epochs of an economy in which pools pay in, as an operator would publish them. */
async function fourEpochs(): Promise<readonly Published[]> {
  const found = fc
    .sample(histories({ maxEpochs: 5, maxAccounts: 6 }), { seed: seed(), numRuns: 200 })
    .find(({ epochs }) => epochs.length >= 4 && epochs.slice(0, 4).some(({ deposit }) => deposit > 0n));
  if (found === undefined) throw new Error('no such history');
  const published: Published[] = [];
  for (const settled of runHistory({ ...found, epochs: found.epochs.slice(0, 4) }))
    published.push(await publish(settled));
  return published;
}

async function publish(settled: EpochSettlement): Promise<Published> {
  const { record, parent, next, settlement } = settled;
  const bytes = new TextEncoder().encode(`{"id":"${record.epoch}"}\n`);
  const input = {
    role: 'contributions',
    name: 'contributions.ndjson',
    bytes: bytes.length,
    sha256: sha256Hex(bytes),
    cid: CID,
  };
  const report = buildReport(settled, { parentManifest: null, inputs: {}, unlockPerUse: 0n, rejects: [] });
  const listed = JSON.stringify({
    format: INPUTS_FORMAT,
    epoch: record.epoch,
    variant: null,
    map: {},
    inputs: [input],
  });
  const files = new Map([...report, [INPUTS_FILE, new TextEncoder().encode(listed)]]);
  const reportCid = parseHash32(bytesToHex((await contentIdOf(files)).digest));
  const final: FinalEpoch = {
    ...{ epoch: record.epoch, record, basis: basisOf(record, parent), settlement: { ...settlement, reportCid } },
    ...{
      proposalId: BigInt(record.epoch + 1),
      operator: '0x0',
      reserveBefore: parent.reserve,
      reserveAfter: next.reserve,
    },
    deposits: parent.pending === 0n ? [0n] : [0n, parent.pending],
  };
  return { settled, files, final, input, bytes };
}

describe('verifyFromChain', () => {
  const folder = temporaryFolder();
  let epochs: readonly Published[];
  let place = '';
  let rounds = 0;

  before(async () => {
    epochs = await fourEpochs();
  });
  beforeEach(async () => {
    place = folder.path(`published-${rounds++}`);
    for (const { files, final, input, bytes } of epochs) {
      await writeFiles(join(place, 'epochs', final.epoch.toString().padStart(6, '0')), files);
      await mkdir(dirname(join(place, inputPath(input))), { recursive: true });
      await writeFile(join(place, inputPath(input)), bytes);
    }
  });

  /** Verifies what is published against a chain; `recomputed` is what the inputs give. */
  const verify = async (
    finals: readonly FinalEpoch[] = epochs.map(({ final }) => final),
    recomputed: (epoch: number) => Recomputed = (epoch) => epochs[epoch] ?? epochs[0]!,
    places: readonly string[] = [place],
  ) => {
    const told: EpochVerdict[] = [];
    const seen: number[] = [];
    const work = folder.path(`work-${rounds++}`);
    await mkdir(work);
    const verification = await verifyFromChain({
      ...{ epochs: finals, places: places.map(folderPlace), folder: work },
      recompute: async ({ epoch, sources }) => {
        const inputs = sources.map((one) => one.inputs);
        // Each is given the inputs of all epochs so far, as they are published.
        expect(inputs.map((files) => files.map(({ sha256 }) => sha256))).to.deep.equal(
          epochs.slice(0, epoch.epoch + 1).map(({ input }) => [input.sha256]),
        );
        for (const [at, files] of inputs.entries()) {
          for (const { path } of files) expect(await readFile(path)).to.deep.equal(Buffer.from(epochs[at]!.bytes));
        }
        seen.push(epoch.epoch);
        return recomputed(epoch.epoch);
      },
      tell: (verdict) => told.push(verdict),
    });
    expect(told).to.deep.equal(verification.epochs);
    return { ...verification, seen, last: verification.epochs.at(-1)! };
  };
  const changed = (at: number, change: (final: FinalEpoch) => Partial<FinalEpoch>): FinalEpoch[] =>
    epochs.map(({ final }, epoch) => (epoch === at ? { ...final, ...change(final) } : final));

  it('finds every epoch equal where all is published and nothing was bent', async () => {
    const { equal, final, seen, epochs: verdicts } = await verify();
    expect({ equal, final, seen }).to.deep.equal({ equal: true, final: 4, seen: [0, 1, 2, 3] });
    expect(verdicts.map(({ outcome, inputs, bytes, code }) => ({ outcome, inputs, bytes, code }))).to.deep.equal(
      epochs.map(({ bytes }) => ({ outcome: 'equal', inputs: 1, bytes: bytes.length, code: null })),
    );
    expect(await verify([])).to.include({ equal: true, final: 0 });
  });

  it('stops at the first epoch that is not what the inputs give, and says where', async () => {
    const other = await publish({
      ...epochs[2]!.settled,
      settlement: { ...epochs[2]!.settled.settlement, granted: 1n },
    });
    const declared = await verify(undefined, (epoch) => (epoch === 2 ? other : epochs[epoch]!));
    expect(declared).to.deep.include({ equal: false, final: 4, seen: [0, 1, 2] });
    expect(declared.last).to.include({ epoch: 2, outcome: 'different', code: 'SETTLEMENT_DIFFERS' });
    const root = `0x${'ab'.repeat(32)}` as const;
    const bent = await verify(
      changed(1, ({ settlement }) => ({ settlement: { ...settlement, root: parseHash32(root) } })),
    );
    expect(bent.last).to.include({ epoch: 1, outcome: 'different', code: 'ROOT_DIFFERS' });
    const more = new Map([...epochs[3]!.files, ['rejects.json', new TextEncoder().encode('{"epoch":3}')]]);
    const file = await verify(undefined, (epoch) => (epoch === 3 ? { ...epochs[3]!, files: more } : epochs[epoch]!));
    expect(file.last).to.include({ epoch: 3, outcome: 'different', code: 'REPORT_DIFFERS' });
    const fewer = new Map([...epochs[0]!.files].filter(([path]) => path !== 'rejects.json'));
    expect((await verify(undefined, () => ({ ...epochs[0]!, files: fewer }))).last.code).to.equal('REPORT_DIFFERS');
  });

  it('holds what each epoch stands on against what the epochs before it give', async () => {
    const reserve = await verify(changed(2, ({ reserveBefore }) => ({ reserveBefore: reserveBefore + 1n })));
    expect(reserve.last).to.include({ epoch: 2, code: 'RESERVE_DIFFERS' });
    const basis = await verify(changed(1, () => ({ basis: parseHash32(`0x${'cd'.repeat(32)}`) })));
    expect(basis.last).to.include({ epoch: 1, code: 'PARENT_DIFFERS' });
    const at = epochs.findIndex(({ settled }) => settled.parent.pending > 0n);
    const deposits = await verify(changed(at, () => ({ deposits: [0n] })));
    expect(deposits.last).to.include({ epoch: at, code: 'DEPOSITS_DIFFER' });
  });

  it('says that nobody knows where a report or an input is not published, or places have something else under its name', async () => {
    const { input, final } = epochs[2]!;
    await rm(join(place, inputPath(input)));
    expect((await verify()).last).to.include({ epoch: 2, outcome: 'unavailable', code: 'INPUT_UNAVAILABLE' });
    await writeFile(join(place, inputPath(input)), 'something else');
    expect((await verify()).last).to.include({ epoch: 2, outcome: 'unavailable', code: 'INPUT_DIFFERENT' });
    const honest = folder.path(`honest-${rounds++}`);
    await mkdir(dirname(join(honest, inputPath(input))), { recursive: true });
    await writeFile(join(honest, inputPath(input)), epochs[2]!.bytes);
    expect((await verify(undefined, undefined, [place, honest])).equal).to.equal(true);
    const manifest = join(place, 'epochs', final.epoch.toString().padStart(6, '0'), 'manifest.json');
    await writeFile(manifest, '{}');
    expect((await verify()).last).to.include({ epoch: 2, outcome: 'unavailable', code: 'REPORT_DIFFERENT' });
    await rm(join(place, 'epochs', final.epoch.toString().padStart(6, '0')), { recursive: true });
    expect((await verify()).last).to.include({ epoch: 2, outcome: 'unavailable', code: 'REPORT_UNAVAILABLE' });
  });

  it('takes inputs that cannot be computed from for a fault of whoever published them', async () => {
    const refused = new InputError({ code: 'LEDGER_REJECTS', shortMessage: 'too much of it is unusable' });
    const { last, equal } = await verify(undefined, () => {
      throw refused;
    });
    expect(equal).to.equal(false);
    expect(last).to.include({ epoch: 0, outcome: 'different', code: 'LEDGER_REJECTS' });
    const broken = await verify(undefined, () => {
      throw new RangeError('out of bounds');
    });
    expect(broken.last).to.include({ outcome: 'different', code: 'RECOMPUTE_FAILED', reason: 'out of bounds' });
  });

  it('does not take trouble of its own machine for a fault of theirs', async () => {
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC', syscall: 'write' });
    const unread = new InputError({ code: 'FILE_UNREADABLE', shortMessage: 'cannot read it', cause: full });
    for (const trouble of [full, unread, new Error('Out of Memory Error: failed to allocate')]) {
      const thrown = await verify(undefined, () => {
        throw trouble;
      }).catch((error: unknown) => error);
      expect(thrown).to.equal(trouble);
    }
  });
});

describe('recomputeFetched', () => {
  it('refuses a report that does not say by which preset it was computed', async () => {
    const [first] = await fourEpochs();
    const { final, settled, input } = first!;
    const one = parseAddress(`0x${'11'.repeat(20)}`);
    const book = { contracts: { token: one, vault: one, reserve: one, distributor: one } };
    const sources = [{ variant: null, map: {}, inputs: [{ ...input, path: '/nowhere' }] }];
    const request = { epoch: final, parent: settled.parent, parentManifest: null, sources, explanations: false };
    const recompute = recomputeFetched(book);
    await expectCode(recompute(request), 'INPUT_ROLE_MISSING', { epoch: 0, role: 'preset' });
    await expectCode(recompute({ ...request, sources: [] }), 'INPUT_ROLE_MISSING', { epoch: 0, role: 'preset' });
  });
});
