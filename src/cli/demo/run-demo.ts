import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { formatAddressBook } from '../../chain/address-book.ts';
import { totalOf, unlockedAt } from '../../protocol/vesting-curve.ts';
import type { EconomyParameters } from '../../settlement/economy-parameters.ts';
import { valueAt } from '../../settlement/economy-parameters.ts';
import { closeEpoch } from '../../settlement/economy.ts';
import type { Preset } from '../../settlement/preset/load-preset.ts';
import { buildReport, type ReportFiles } from '../../settlement/report/build-report.ts';
import { sha256Hex } from '../../settlement/report/sha256.ts';
import { settleEpoch } from '../../settlement/settle-epoch.ts';
import { GENESIS, type State } from '../../settlement/state.ts';
import { publishReport } from '../../store/report-folder.ts';
import { svgChart } from '../output/chart/svg-chart.ts';
import { jsonDocument } from '../output/json-document.ts';
import type { Progress } from '../output/progress.ts';
import { grouped, percent, tokens } from '../output/tokens.ts';
import { checkList, type CheckList } from './check.ts';
import { byEarnings } from './claims.ts';
import { demoChart } from './demo-chart.ts';
import { demoFolder } from './demo-folder.ts';
import { checkEverybodyIsPaid, checkShow, checkSums } from './final-checks.ts';
import { gasBook } from './gas-book.ts';
import { readExample, type DemoLedger } from './ledger.ts';
import { startLocalChain } from './local-chain.ts';
import { DEMO_START, storyOf, type DemoOptions, type Story } from './plan.ts';
import { pricePath } from './price-path.ts';
import type { DemoEpoch, DemoEvent, DemoMiner, DemoResult } from './result.ts';
import { closeOnChain, settleOnChain } from './settle-on-chain.ts';
import { setStage, type Stage } from './stage.ts';
import { teller } from './story.ts';

const A_WEEK = 7 * 86_400;
const WAD = 10n ** 18n;
const TOP_MINERS = 8;

/**
 * Runs the whole protocol once: a chain of its own, the deployment, epoch after epoch of a real ledger settled on it,
 * claims, a change of weights; then looks whether everything that was promised held. The chain is gone afterwards, the
 * reports stay.
 *
 * @throws {RefusedError} `FOLDER_EXISTS` when `out` holds something else than an earlier demo
 * @throws {InputError} `DEMO_TOO_SHORT`
 * @throws {InvariantError} `DEMO_DIFFERS`, `DEMO_PAID` when chain and twin disagree
 */
export async function runDemo(preset: Preset, options: DemoOptions, progress: Progress): Promise<DemoResult> {
  const began = performance.now();
  const story = storyOf(options.epochs);
  const files = await demoFolder(options.out);
  const [checks, gas] = [checkList(), gasBook()];

  progress.say(`1/5  A chain of its own, and on it ${preset.title}`);
  const chain = await startLocalChain({ time: DEMO_START - A_WEEK });
  try {
    const stage = await setStage(chain, preset, DEMO_START, gas);
    await writeFile(files.addresses, formatAddressBook(stage.connection.addressBook));
    progress.say(
      `     listens on ${chain.url}, its clock stands at ${day(DEMO_START - A_WEEK)}; roles, links and curve are as they should be`,
    );

    progress.say('2/5  A real ledger, scored by the policy');
    const ledger = await readExample(stage.parameters, options.epochs);
    const { read, accepted, outOfRange } = ledger.counts;
    progress.say(
      `     ${grouped(read)} rows: ${grouped(accepted)} lie in these ${options.epochs} weeks, ${grouped(outOfRange)} before or after`,
    );

    progress.say(`3/5  ${options.epochs} epochs: close, settle, propose, wait, make final; claims along the way`);
    const run = await settleAll({ stage, ledger, story, checks, options, progress, reports: files.reports });

    progress.say('4/5  What if everybody claims?');
    await checkEverybodyIsPaid(stage, run.state, run.report, checks, progress);

    progress.say('5/5  Sums, reports, chart');
    checks.add(
      'Chain and twin agree in every figure',
      run.epochs.length === options.epochs,
      `${options.epochs} epochs`,
    );
    const totals = await checkSums(stage, run.epochs, checks);
    checkShow(run.epochs, checks);
    const miners = await topMiners(stage, run.state);
    const result: DemoResult = {
      preset: preset.title,
      symbol: stage.parameters.token.symbol,
      from: DEMO_START,
      seed: options.seed,
      priceReference: valueAt(stage.parameters.economy.reserve, 0).priceRef,
      ledger: { rows: read, counted: accepted, outOfRange },
      epochs: run.epochs,
      events: run.events,
      totals,
      miners,
      gas: gas.figures(),
      checks: checks.all(),
      held: checks.all().every(({ held }) => held),
      files,
      seconds: (performance.now() - began) / 1000,
    };
    await writeFile(files.chart, svgChart(demoChart(result)));
    await writeFile(files.result, jsonDocument({ format: 'lode-demo-v1', state: 'done', ...result }));
    return result;
  } finally {
    await chain.close();
  }
}

interface Run {
  readonly stage: Stage;
  readonly ledger: DemoLedger;
  readonly story: Story;
  readonly checks: CheckList;
  readonly options: DemoOptions;
  readonly progress: Progress;
  /** The folder of the reports. */
  readonly reports: string;
}

interface Settled {
  readonly epochs: readonly DemoEpoch[];
  readonly events: readonly DemoEvent[];
  readonly state: State;
  /** Of the last epoch. */
  readonly report: ReportFiles;
}

async function settleAll({ stage, ledger, story, checks, options, progress, reports }: Run): Promise<Settled> {
  const { tell, events } = teller(stage, story, checks);
  const reference = valueAt(stage.parameters.economy.reserve, 0).priceRef;
  const prices = pricePath({
    epochs: options.epochs,
    reference: reference === 0n ? WAD : reference,
    seed: options.seed,
  });
  const epochs: DemoEpoch[] = [];
  let parameters: EconomyParameters = stage.parameters.economy;
  let state = GENESIS;
  let report: ReportFiles = new Map();
  for (const { epoch, scores, uses } of ledger.scores) {
    const record = closeEpoch(parameters, epoch, prices[epoch] ?? 0n);
    await closeOnChain(stage, record);
    const unlockPerUse = valueAt(parameters.unlockPerUse, epoch);
    const settled = settleEpoch({ parent: state, record, scores, uses, unlockPerUse });
    const parentManifest = report.get('manifest.json');
    report = buildReport(settled, {
      parentManifest: parentManifest === undefined ? null : sha256Hex(parentManifest),
      inputs: {},
      unlockPerUse,
      rejects: [],
    });
    await publishReport(join(reports, 'epochs', `${epoch}`.padStart(6, '0')), report);
    const done = await settleOnChain(stage, settled, report);
    epochs.push(done);
    state = settled.next;
    progress.at(progressLine(done, options.epochs), epoch + 1, options.epochs);
    parameters = await tell({ epoch, state, report }, parameters);
  }
  return { epochs, events, state, report };
}

function progressLine(
  { epoch, start, budget, granted, participants, withheld, injected }: DemoEpoch,
  of: number,
): string {
  const move = injected > 0n ? `${tokens(injected, 0)} injected` : `${tokens(withheld, 0)} withheld`;
  const share = budget === 0n ? 0n : (granted * WAD) / budget;
  return `epoch ${epoch + 1} of ${of}, ${day(start)}: ${participants} miners, ${percent(share)} granted, ${move}`;
}

async function topMiners({ connection, now }: Stage, state: State): Promise<DemoMiner[]> {
  const time = await now();
  const byAccount = new Map(state.accounts.map(({ account, curve }) => [account, curve]));
  const miners: DemoMiner[] = [];
  for (const account of byEarnings(state).slice(0, TOP_MINERS)) {
    const curve = byAccount.get(account);
    if (curve === undefined) continue;
    const claimed = await connection.contracts.vault.claimed(account);
    miners.push({ account, earned: totalOf(curve), unlocked: unlockedAt(curve, time), claimed });
  }
  return miners;
}

function day(time: number): string {
  return new Date(time * 1000).toISOString().slice(0, 10);
}
