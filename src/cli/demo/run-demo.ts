import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { formatAddressBook } from '../../chain/address-book.ts';
import { totalOf, unlockedAt } from '../../protocol/vesting-curve.ts';
import { valueAt } from '../../settlement/economy-parameters.ts';
import { totalCounts } from '../../settlement/ledger/build-ledger.ts';
import type { Preset } from '../../settlement/preset/load-preset.ts';
import type { ReportFiles } from '../../settlement/report/report-file.ts';
import type { ReplayDocument } from '../../settlement/report/replay-document.ts';
import { GENESIS, type State } from '../../settlement/state.ts';
import { computeReplay } from '../../store/compute-replay.ts';
import { epochFolder } from '../../store/epoch-folder.ts';
import { writeFiles } from '../../store/folder-writer.ts';
import { verify } from '../../store/verify.ts';
import { svgChart } from '../../simulation/chart/svg-chart.ts';
import { jsonDocument } from '../output/json-document.ts';
import type { Progress } from '../output/progress.ts';
import { counted, grouped, percent } from '../../protocol/tokens.ts';
import { checkList, type CheckList } from './check.ts';
import { byEarnings } from './claims.ts';
import { demoChart } from './demo-chart.ts';
import { demoFolder } from './demo-folder.ts';
import { keepDemoInputs } from './demo-inputs.ts';
import { checkEverybodyIsPaid, checkShow, checkSums } from './final-checks.ts';
import { gasBook } from './gas-book.ts';
import { startLocalChain, type LocalChain } from './local-chain.ts';
import { changeOf } from './governance.ts';
import { storyOf, type DemoOptions } from './plan.ts';
import type { DemoPlan } from './plans.ts';
import type { DemoEpoch, DemoEvent, DemoMiner, DemoResult } from './result.ts';
import { closeOnChain, settleOnChain } from './settle-on-chain.ts';
import { setStage, type Stage } from './stage.ts';
import { storyTerms } from './story-terms.ts';
import { teller } from './story.ts';
import { unitSaleOf } from './unit-sale.ts';

const A_WEEK = 7 * 86_400;
const WAD = 10n ** 18n;
const TOP_MINERS = 8;

/** A preset, the file that it was read from, and how it is shown. */
export interface DemoPreset {
  readonly plan: DemoPlan;
  readonly preset: Preset;
  readonly path: string;
}

/**
 * Runs the whole protocol once: a chain of its own, the deployment, epoch after epoch of a ledger settled on it, claims, a
 * change by governance, what the preset has of its own; then looks whether everything that was promised held. The reports stay; the chain is
 * gone when `afterwards`, which is given the result, has come to its end.
 *
 * @throws {RefusedError} `FOLDER_EXISTS` when `out` holds something else than an earlier demo
 * @throws {InputError} `DEMO_TOO_SHORT`
 * @throws {InvariantError} `DEMO_DIFFERS`, `DEMO_PAID` when chain and twin disagree
 */
export async function runDemo(
  given: DemoPreset,
  options: DemoOptions,
  progress: Progress,
  afterwards: (result: DemoResult, chain: LocalChain) => Promise<void>,
): Promise<void> {
  const began = performance.now();
  const { preset, plan } = given;
  storyOf(options.epochs, storyTerms(given));
  const files = await demoFolder(options.out);
  const [checks, gas] = [checkList(), gasBook()];

  progress.say(`1/5  A chain of its own, and on it ${preset.title}`);
  const chain = await startLocalChain({ time: plan.start - A_WEEK });
  try {
    const stage = await setStage(chain, preset, plan.start, gas);
    await writeFile(files.addresses, formatAddressBook(stage.connection.addressBook));
    const clock = `its clock stands at ${day(plan.start - A_WEEK)}`;
    progress.say(`     listens on ${chain.url}, ${clock}; roles, links and curve are as they should be`);

    progress.say(`2/5  ${plan.ledgerIs}, scored by the policy`);
    const run = await settleAll({ stage, checks, options, progress, reports: files.reports, shown: given });
    checks.add(
      'Chain and twin agree in every figure',
      run.epochs.length === options.epochs,
      `${options.epochs} epochs`,
    );

    progress.say('4/5  What if everybody claims?');
    await checkEverybodyIsPaid(stage, run.state, run.report, checks, progress);

    progress.say('5/5  Sums, reports, chart');
    const totals = await checkSums(stage, run.epochs, checks);
    const isShown = (preset.variant ?? null) === plan.variant;
    const law = valueAt(stage.parameters.economy.reserve, 0);
    if (totals.granted === 0n) {
      progress.say('     warning: nobody earned anything; `lode explain` on the reports shows why, account by account');
    }
    if (plan.isOwn !== true) checkShow(run.epochs, { hasLaw: law.hasLaw, isBusy: plan.isBusy && isShown }, checks);
    const { equal, epochs: verified, difference } = await verify(files.reports);
    await chain.wake();
    checks.add('The reports follow from their inputs, byte for byte', equal, difference?.file ?? `${verified} epochs`);
    const result: DemoResult = {
      preset: preset.title,
      variant: preset.variant ?? null,
      epochNoun: plan.epochNoun,
      symbol: stage.parameters.token.symbol,
      from: plan.start,
      seed: options.seed,
      priceReference: law.priceRef,
      ledger: totalCounts(run.document.counts),
      epochs: run.epochs,
      events: run.events,
      totals,
      miners: await topMiners(stage, run.state),
      gas: gas.figures(),
      checks: checks.all(),
      held: checks.all().every(({ held }) => held),
      files,
      seconds: (performance.now() - began) / 1000,
    };
    await writeFile(files.chart, svgChart(demoChart(result)));
    await writeFile(files.result, jsonDocument({ format: 'lode-demo-v1', state: 'done', ...result }));
    await afterwards(result, chain);
  } finally {
    await chain.close();
  }
}

interface Run {
  readonly shown: DemoPreset;
  readonly stage: Stage;
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
  readonly document: ReplayDocument;
}

/** Takes epoch after epoch out of the engine, publishes its report, and brings it to the chain. */
async function settleAll({ shown, stage, checks, options, progress, reports }: Run): Promise<Settled> {
  await mkdir(reports);
  const inputs = join(reports, 'inputs');
  const { plan } = shown;
  const change = changeOf(plan, stage);
  const story = storyOf(options.epochs, storyTerms(shown));
  // Who sells units of a preset of one's own, and how many, is nobody's to say here.
  const sale = plan.isOwn === true ? null : unitSaleOf(stage.parameters, options.epochs);
  const request = await keepDemoInputs({ shown, stage, story, change, sale, options, inputs });
  const { tell, events } = teller(stage, { ...story, plan, change, sale }, checks);
  let report = new Map<string, Uint8Array>();
  const computed = computeReplay(request, inputs, {
    onProgress: (at) => {
      if (at.step !== 'scores') return;
      progress.say(`     ${grouped(at.rows)} contributions lie in these ${counted(options.epochs, plan.epochNoun)}`);
      progress.say(`3/5  ${options.epochs} epochs: close, settle, propose, wait, make final; claims along the way`);
    },
    take: (_, [path, bytes]) => {
      report.set(path, bytes);
      return Promise.resolve();
    },
  });
  const epochs: DemoEpoch[] = [];
  let state = GENESIS;
  let last: ReportFiles = report;
  for (;;) {
    const step = await computed.next();
    await stage.chain.wake();
    if (step.done === true) {
      await writeFiles(reports, step.value.files);
      return { epochs, events, state, report: last, document: step.value.document };
    }
    const { settled, row } = step.value;
    last = report;
    report = new Map<string, Uint8Array>();
    await writeFiles(join(reports, epochFolder(row.epoch)), last);
    await closeOnChain(stage, settled.record);
    const done = await settleOnChain(stage, settled, row.reportCid);
    epochs.push(done);
    state = settled.next;
    progress.at(progressLine(done, options.epochs), epochs.length, options.epochs);
    await tell({ epoch: row.epoch, settled, state, report: last });
  }
}

function progressLine({ epoch, start, budget, granted, participants }: DemoEpoch, of: number): string {
  const share = budget === 0n ? 0n : (granted * WAD) / budget;
  return `epoch ${epoch + 1} of ${of}, ${day(start)}: ${participants} miners, ${percent(share)} granted`;
}

async function topMiners({ connection, now }: Stage, state: State): Promise<DemoMiner[]> {
  const time = await now();
  const byAccount = new Map([...state.accounts].map(({ account, curve }) => [account, curve]));
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
