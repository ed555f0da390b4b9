import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { expect } from 'chai';

import { parseAddressBook } from '../../src/chain/address-book.ts';
import { replay } from '../../src/store/replay.ts';
import type { LocalNode, Outcome } from '../support/local-node.ts';
import { runScript, startNode } from '../support/local-node.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const DAY = 86_400;
const WEEK = 7 * DAY;

// The accounts of a Hardhat node, by the parts they play.
const COUNCIL = '0x70997970c51812dc3a010c7d01b50e0d17dc79c8';
const OPERATOR = '0x3c44cdddb6a900fa2b585dd299e03d12fa4293bc';
const GUARDIAN = '0x90f79bf6eb2c4f870365e785982e1f101e93b906';
const MINERS = [1, 2, 3].map((n) => `0x${String(n).repeat(40)}`);

/** One story in the order of life: each test goes on where the one before it stopped. */
describe('scripts, on a node in another process', function () {
  this.timeout(300_000);

  const deploymentId = `test-${process.pid}`;
  let folder: string;
  let node: LocalNode;
  let start: number;
  let report: string;
  let until: number;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lode-scripts-'));
    node = await startNode();
    // Epoch 0 is over when the protocol is deployed.
    start = (await node.time()) - WEEK - 3600;
    const at = (seconds: number) => new Date((start + seconds) * 1000).toISOString().replace('.000Z', 'Z');
    const parameters = {
      format: 'lode-deployment-v1',
      preset: 'presets/lingoai/preset.jsonc',
      variant: null,
      start: at(0),
      council: COUNCIL,
      operators: [OPERATOR],
      guardians: [GUARDIAN],
      foundation: null,
      priceSource: null,
      policyUri: 'file:presets/lingoai/preset.jsonc',
    };
    await writeFile(join(folder, 'parameters.json'), JSON.stringify(parameters));
    const rows = MINERS.map(
      (miner, n) => `row-${n},${miner},${at(n * DAY)},${n === 2 ? 'translation' : 'corpus'},en,${n + 5}`,
    );
    await writeFile(join(folder, 'ledger.csv'), `id,account,time,task,language,units\n${rows.join('\n')}\n`);
    const replayed = await replay({
      preset: join(ROOT, 'presets/lingoai/preset.jsonc'),
      contributions: [join(folder, 'ledger.csv')],
      from: start,
      epochs: 1,
      out: join(folder, 'replay'),
    });
    report = join(replayed.folder, 'epochs', '000000');
  });

  after(async () => {
    await node.stop();
    await rm(folder, { recursive: true });
    await rm(join(ROOT, 'deploy', 'deployments', deploymentId), { recursive: true, force: true });
  });

  const run = async (script: string, environment: Readonly<Record<string, string>> = {}): Promise<Outcome> =>
    await runScript(`scripts/${script}.ts`, node, {
      LODE_ADDRESS_BOOK: join(folder, 'addresses.json'),
      LODE_DEPLOYMENT: deploymentId,
      ...environment,
    });

  const ok = ({ code, stdout, stderr }: Outcome): Record<string, unknown> => {
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' });
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  const refused = ({ code, stdout, stderr }: Outcome): string => {
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: '' });
    return stderr.trim().replace(/:.*/s, '');
  };

  it('deploy.ts deploys, says where, and does nothing the second time', async () => {
    const environment = { LODE_PARAMETERS: join(folder, 'parameters.json') };
    const first = ok(await run('deploy', environment));
    const book = parseAddressBook(await readFile(join(folder, 'addresses.json'), 'utf8'));
    expect(first).to.deep.equal({ addressBook: join(folder, 'addresses.json'), ...book });
    const block = await node.request('eth_blockNumber');
    expect(ok(await run('deploy', environment))).to.deep.equal(first);
    expect(await node.request('eth_blockNumber')).to.equal(block);
  });

  it('close.ts closes an epoch that is over, and says so when none is', async () => {
    const closed = ok(await run('close'));
    expect(closed['epoch']).to.equal(0);
    expect(refused(await run('close'))).to.equal('EpochDistributor_EpochNotOver');
  });

  it('propose.ts proposes what the report says, as an operator, once', async () => {
    expect(refused(await run('propose', { LODE_REPORT: report }))).to.equal('AccessManagedUnauthorized');
    const other = join(folder, 'other');
    await cp(report, other, { recursive: true });
    const manifest = JSON.parse(await readFile(join(other, 'manifest.json'), 'utf8')) as Record<string, unknown>;
    await writeFile(join(other, 'manifest.json'), JSON.stringify({ ...manifest, basis: `0x${'ab'.repeat(32)}` }));
    expect(refused(await run('propose', { LODE_REPORT: other, LODE_FROM: OPERATOR }))).to.equal('BASIS_DIFFERS');
    const proposed = ok(await run('propose', { LODE_REPORT: report, LODE_FROM: OPERATOR }));
    expect(proposed['proposalId']).to.equal('1');
    until = proposed['until'] as number;
    const again = ok(await run('propose', { LODE_REPORT: report, LODE_FROM: OPERATOR }));
    expect(again).to.deep.equal({ ...proposed, transaction: null });
  });

  it('finalise.ts waits for the window, then mints the budget', async () => {
    expect(refused(await run('finalise'))).to.equal('EpochDistributor_WindowOpen');
    await node.travelTo(until);
    const final = ok(await run('finalise'));
    const sum = (...names: string[]) => names.reduce((total, name) => total + BigInt(final[name] as string), 0n);
    expect(sum('granted', 'withheld')).to.equal(sum('budget', 'injected'));
    expect(refused(await run('finalise'))).to.equal('NOTHING_PROPOSED');
  });

  it('claim.ts pays one account, and several of which one has been paid', async () => {
    await node.travelTo(start + 10 * WEEK);
    const [first, second] = MINERS;
    const one = ok(await run('claim', { LODE_REPORT: report, LODE_ACCOUNT: first! }));
    expect((one['claimed'] as { account: string }[]).map(({ account }) => account)).to.deep.equal([first]);
    const both = ok(await run('claim', { LODE_REPORT: report, LODE_ACCOUNT: `${first!},${second!}` }));
    // Seconds have passed, so a little more is due to the first one, too.
    expect((both['claimed'] as { account: string }[]).map(({ account }) => account)).to.deep.equal([first, second]);
    const stranger = await run('claim', { LODE_REPORT: report, LODE_ACCOUNT: `0x${'9'.repeat(40)}` });
    expect(refused(stranger)).to.equal('ACCOUNT_NOT_IN_SHARD');
  });
});
