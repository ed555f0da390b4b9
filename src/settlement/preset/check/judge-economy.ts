import { curvePeriods, curveTotal } from '../curve-periods.ts';
import type { Preset } from '../load-preset.ts';
import { formatWad } from '../decimals.ts';
import { inPercent, inTokens } from './figures.ts';
import type { Found } from './finding.ts';

const WAD = 10n ** 18n;
const DAY = 86_400;

/** A veto holds a proposal for so long at most; governance must be able to rule within it. */
const RULING = 30 * DAY;

/** A hand-over that opens earlier finds nobody. */
const SOON = 30 * DAY;

/** What a reader of the contracts would ask about a preset, whatever its documents announce. */
export function judgeEconomy(preset: Preset): readonly Found[] {
  return [
    curve,
    weights,
    eligibility,
    cap,
    reserve,
    acceleration,
    foundation,
    minimumScores,
    laterTasks,
    governance,
    handover,
  ].flatMap((judge) => judge(preset));
}

type Judge = (preset: Preset) => readonly Found[];

function found(level: Found['level'], about: string, path: Found['path'], message: string, figures = {}): Found {
  return { level, about, path, message, figures };
}

const curve: Judge = ({ curve: section }) => {
  const periods = curvePeriods(section, 0);
  const amounts = periods.map(({ cumulative }, index) => cumulative - (periods[index - 1]?.cumulative ?? 0n));
  const total = curveTotal(section);
  const figures = { total: formatWad(total) };
  if (section.kind === 'constant') {
    const pace = `${inTokens(section.amount)} every ${inWords(section.per)} for ${inWords(section.lasts)}`;
    return [found('note', 'curve', ['curve'], `The curve emits ${inTokens(total)}: ${pace}.`, figures)];
  }
  const unit = section.period;
  const count = `${amounts.length} ${unit}${amounts.length === 1 ? '' : 's'}`;
  const findings = [found('note', 'curve', ['curve'], `The curve emits ${inTokens(total)} over ${count}.`, figures)];
  const empty = amounts.findIndex((amount) => amount === 0n);
  if (empty !== -1) {
    findings.push(found('warning', 'curve', ['curve'], `The curve emits nothing in ${unit} ${empty + 1}.`));
  }
  if (section.kind === 'even') return findings;
  const rise = amounts.findIndex((amount, index) => index > 0 && amount > (amounts[index - 1] ?? amount));
  const falls = `No ${unit} emits more than the one before.`;
  const rises = `The curve rises: ${unit} ${rise + 1} emits ${inTokens(amounts[rise] ?? 0n)}, the one before ${inTokens(amounts[rise - 1] ?? 0n)}.`;
  return [
    ...findings,
    rise === -1 ? found('note', 'curve', ['curve'], falls) : found('warning', 'curve', ['curve'], rises),
  ];
};

/** A length of time in the largest unit that fits it. */
function inWords(seconds: number): string {
  const [length, unit] = seconds % DAY === 0 ? [BigInt(seconds) / BigInt(DAY), 'day'] : [BigInt(seconds), 'second'];
  return length === 1n ? unit : `${length} ${unit}s`;
}

const weights: Judge = ({ tasks }) => {
  const shares = tasks.map(({ name, weight }) => `${name} ${inPercent(weight)}`).join(', ');
  return [found('note', 'weights', ['tasks'], `The weights sum to exactly 1: ${shares}.`)];
};

/** The law pays more when more accounts take part, so somebody gains by being many. */
const eligibility: Judge = ({ reserve: { law }, policy }) => {
  const open = policy.segments.find((segment) => segment.eligibility === undefined);
  if (law === null || open === undefined) return [];
  const message = `The reserve's law counts accounts, and from epoch ${open.from} anybody may have many: no eligibility rule stands. One person split into several accounts raises what everybody is paid.`;
  return [found('warning', 'eligibility', ['reserve', 'law'], message)];
};

const cap: Judge = ({ accountCap }) => {
  if (accountCap === WAD) return [];
  const people = (WAD + accountCap - 1n) / accountCap;
  const message = `At most ${inPercent(accountCap)} of a task's budget goes to one account: with fewer than ${people} accounts some of it always stays in the reserve.`;
  return [found('note', 'account-cap', ['accountCap'], message, { accounts: people.toString() })];
};

const reserve: Judge = ({ accountCap, reserve: { law, rho, smoothing } }) => {
  const findings: Found[] = [];
  if (rho === 0n) {
    const returns = law === null ? 'never comes back' : 'comes back only while the price is low';
    findings.push(found('warning', 'reserve', ['reserve', 'rho'], `rho is 0: what nobody earned ${returns}.`));
  }
  if (law !== null && law.alpha === 0n) {
    findings.push(found('note', 'reserve', ['reserve', 'law', 'alpha'], 'alpha is 0: the price changes nothing.'));
  }
  const most = WAD / BigInt(smoothing);
  const message = `At most ${inPercent(most)} of the reserve leaves it in an epoch, and ${inPercent(rho)} of it is added to each epoch's base.`;
  findings.push(found('note', 'reserve', ['reserve'], message));
  if (rho > 0n && accountCap < WAD) {
    const both = 'What the reserve gives back is paid on top of the curve, and the cap per account applies to the sum.';
    findings.push(found('note', 'reserve', ['accountCap'], both));
  }
  return findings;
};

const acceleration: Judge = ({ accelerationBound, policy, release }) => {
  const used = policy.segments.some(({ perUse }) => perUse > 0n);
  if (used && accelerationBound === 0n) {
    const message = 'The policy lets usage unlock rewards, and the bound of 0 lets none.';
    return [found('warning', 'acceleration', ['accelerationBound'], message)];
  }
  if (used && release.over === 0) {
    const message = 'The policy lets usage unlock rewards, and nothing is ever locked.';
    return [found('warning', 'acceleration', ['release', 'over'], message)];
  }
  return [];
};

const foundation: Judge = ({ foundation: { share, account } }) =>
  share > 0n && account === null
    ? [
        found(
          'note',
          'foundation',
          ['foundation', 'account'],
          `The deployment has to name who gets the ${inPercent(share)} of the foundation: without an address it is refused.`,
        ),
      ]
    : [];

const minimumScores: Judge = ({ policy, tasks }) => {
  const at = (index: number) =>
    tasks.map(({ name }) => policy.segments[index]?.tasks.get(name)?.minimumScore.toString()).join();
  const changed = policy.segments.find((_, index) => index > 0 && at(index) !== at(index - 1));
  if (changed === undefined) return [];
  const message = `Minimum scores change in epoch ${changed.from}: governance has to schedule them on chain for the same epoch.`;
  return [found('warning', 'minimum-scores', ['policy', 'overlays'], message)];
};

const laterTasks: Judge = ({ policy, tasks }) => {
  const known = new Set(tasks.map(({ name }) => name));
  const later = new Set(
    policy.segments.flatMap((segment) => [...segment.tasks.keys()].filter((name) => !known.has(name))),
  );
  if (later.size === 0) return [];
  const list = [...later].map((name) => `${name}${epochsOf(policy, name)}`).join(', ');
  return [
    found('note', 'later-tasks', ['policy', 'tasks'], `Rules stand ready for tasks that governance may add: ${list}.`),
  ];
};

const handover: Judge = ({ governance: { handover: given } }) => {
  if (given === undefined || given.openAfter >= SOON) return [];
  const message = `Anyone may hand over to the holders ${inWords(given.openAfter)} after the start: hardly anything is released and delegated by then.`;
  return [found('warning', 'handover', ['governance', 'handover', 'openAfter'], message)];
};

/** The epochs in which a task has rules, in words; nothing for all of them. */
function epochsOf({ segments }: Preset['policy'], name: string): string {
  const ranges: { from: number; until: number }[] = [];
  for (const { from, until, tasks } of segments) {
    const before = ranges.at(-1);
    if (!tasks.has(name)) continue;
    if (before?.until === from) before.until = until;
    else ranges.push({ from, until });
  }
  const end = segments.at(-1)?.until;
  const words = ranges.map(({ from, until }) =>
    until === end ? `from epoch ${from} on` : from + 1 === until ? `epoch ${from}` : `epochs ${from} to ${until - 1}`,
  );
  return words.join() === 'from epoch 0 on' ? '' : ` (${words.join(', ')})`;
}

const governance: Judge = ({ governance: { minDelay, votingDelay, votingPeriod, lateQuorum } }) => {
  if (votingDelay === undefined || votingPeriod === undefined || lateQuorum === undefined) {
    return [
      found(
        'warning',
        'governance',
        ['governance'],
        'The preset has no figures of voting by the holders: a deployment refuses it, replay and simulation take it.',
      ),
    ];
  }
  const longest = votingDelay + votingPeriod + lateQuorum + minDelay;
  if (longest <= RULING) return [];
  const message = 'A decision can take longer than the 30 days in which governance rules about a veto.';
  return [found('warning', 'governance', ['governance'], message, { seconds: longest.toString() })];
};
