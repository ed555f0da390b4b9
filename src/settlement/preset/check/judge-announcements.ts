import { addCalendar } from '../calendar.ts';
import type { Announcement } from '../announced-schema.ts';
import { curvePeriods, curveTotal } from '../curve-periods.ts';
import type { Preset } from '../load-preset.ts';
import { formatWad } from '../decimals.ts';
import { announcedFigure, announcedScore, badgeFactor, workOf } from './announced-figure.ts';
import type { FigureAnnouncement } from './announced-figure.ts';
import { inPercent, inTokens, likePrinted } from './figures.ts';
import type { Found } from './finding.ts';

const WAD = 10n ** 18n;

const IN_TOKENS: ReadonlySet<Announcement['kind']> = new Set([
  'curve-total',
  'curve-phase',
  'curve-period',
  'geometric-sum',
  'allocation',
  'task-allocation',
  'score',
  'score-tokens',
]);

/** Holds everything that the system's documents announce against what the file comes to. */
export function judgeAnnouncements(preset: Preset): readonly Found[] {
  return (preset.announced ?? []).map((announcement, index) => {
    const judged = judge(announcement, preset);
    const settled = judged.level === 'agrees' ? undefined : announcement.settled;
    const message = settled === undefined ? judged.message : `${judged.message} ${settled}`;
    return { ...judged, message, about: announcement.kind, path: ['announced', index] };
  });
}

type Judged = Pick<Found, 'level' | 'message' | 'figures'>;

function judge(announcement: Announcement, preset: Preset): Judged {
  switch (announcement.kind) {
    case 'words':
      return { level: 'contradiction', message: sentence(announcement.says, announcement.but), figures: {} };
    case 'unused':
      return {
        level: 'contradiction',
        message: sentence(announcement.says, `No published formula uses ${announcement.symbols.join(' or ')}.`),
        figures: {},
      };
    case 'score-under-cap': {
      const score = announcedScore(preset, announcement.score);
      if ('missing' in score) return notComputed(announcement.says, score.missing);
      const share = (score.value * WAD) / announcement.of;
      const fits = share <= preset.accountCap;
      const figures = { share: formatWad(share), accountCap: formatWad(preset.accountCap) };
      const verdict = `The share is ${inPercent(share)}, the cap per account ${inPercent(preset.accountCap)}`;
      return {
        level: fits ? 'agrees' : 'contradiction',
        message: sentence(
          announcement.says,
          `${verdict}: ${fits ? 'it is' : 'it is cut'}.${basisOf(announcement, preset)}`,
        ),
        figures,
      };
    }
    case 'curve-falls':
      return judgeFall(announcement.says, preset);
    case 'curve-never-zero':
      return judgeZero(announcement.says, preset);
    case 'curve-end':
      return judgeEnd(announcement.says, announcement.value, preset);
    default:
      return judgeFigure(announcement, preset);
  }
}

function judgeFigure(announcement: FigureAnnouncement, preset: Preset): Judged {
  const computed = announcedFigure(announcement, preset);
  const { value: printed, says } = announcement;
  if ('missing' in computed) {
    return notComputed(says, computed.missing);
  }
  const difference = computed.value - printed.value;
  const figures = {
    announced: formatWad(printed.value),
    computed: formatWad(computed.value),
    difference: `${difference < 0n ? '-' : ''}${formatWad(abs(difference))}`,
  };
  const tolerated = announcement.within ?? printed.unit / 2n;
  const basis = basisOf(announcement, preset);
  const show = (value: bigint) => (IN_TOKENS.has(announcement.kind) ? inTokens(value) : likePrinted(value, printed));
  if (abs(difference) <= tolerated) {
    if (announcement.kind === 'task-allocation') return judgeAllocated(says, preset, announcement.task, figures);
    return { level: 'agrees', message: sentence(says, `Computed: ${show(computed.value)}.${basis}`), figures };
  }
  const [announced, really, apart] = [printed.value, computed.value, abs(difference)].map(show);
  const words = (rest: string) => sentence(says, rest);
  switch (announcement.kind) {
    case 'curve-total':
    case 'geometric-sum':
      return {
        level: 'contradiction',
        message: words(
          difference < 0n
            ? `Computed: ${really}; ${apart} of the announced ${announced} are never emitted.`
            : `Computed: ${really}; that is ${apart} more than the announced ${announced}.`,
        ),
        figures,
      };
    case 'allocation':
      return {
        level: difference < 0n ? 'gap' : 'contradiction',
        message: words(
          difference < 0n
            ? `${really} have a curve; the other ${apart} have no published curve.`
            : `${really} have a curve, which is ${apart} more than the announced ${announced}.`,
        ),
        figures,
      };
    case 'badge-factor': {
      if (announcement.badges !== undefined) break;
      const all = `All badges together come to ${really}${withoutAssumed(announcement.task, preset, show)}`;
      return difference < 0n
        ? { level: 'note', message: words(`${all}: the limit never acts.`), figures }
        : { level: 'agrees', message: words(`${all}: the limit acts.`), figures };
    }
    default:
  }
  return { level: 'contradiction', message: words(`Computed: ${really}, not ${announced}.${basis}`), figures };
}

/** A task's part of what is announced can be right, and still not be what this curve ever gives it. */
function judgeAllocated(says: string, preset: Preset, task: string, figures: Judged['figures']): Judged {
  const all = preset.announced?.find((one) => one.kind === 'allocation')?.value.value ?? 0n;
  const weight = preset.tasks.find(({ name }) => name === task)?.weight ?? 0n;
  const total = curveTotal(preset.curve);
  const given = (total * weight) / WAD;
  const part = `That is ${inPercent(weight)} of the announced ${inTokens(all)}.`;
  if (total >= all) return { level: 'agrees', message: sentence(says, part), figures };
  const really = `The curve of this file gives the task ${inTokens(given)} of its ${inTokens(total)}.`;
  return {
    level: 'gap',
    message: sentence(says, `${part} ${really}`),
    figures: { ...figures, given: formatWad(given) },
  };
}

/** What was asked for a score: the policy, or nothing. */
function basisOf(announcement: Announcement, preset: Preset): string {
  switch (announcement.kind) {
    case 'score-share':
    case 'score-tokens':
    case 'score-under-cap': {
      const score = announcedScore(preset, announcement.score);
      const figure = 'missing' in score ? '' : inTokens(score.value);
      return workOf(preset, announcement.score) === undefined
        ? ' Only the division is checked: no work is published behind this score.'
        : ` By the policy the work scores ${figure}.`;
    }
    default:
      return '';
  }
}

/** What the badges come to without those whose figures the preset assumes. */
function withoutAssumed(task: string, preset: Preset, show: (value: bigint) => string): string {
  const at = `/policy/tasks/${task}/multipliers/badges/factors`;
  const badges = [...(preset.policy.segments[0]?.tasks.get(task)?.multipliers.badges?.factors.keys() ?? [])];
  const sources = new Map(preset.provenance.map(({ path, source }) => [path, source]));
  const assumed = badges.filter((name) => (sources.get(`${at}/${name}`) ?? sources.get(at)) === 'assumed');
  const others = badges.filter((name) => !assumed.includes(name));
  const rest = badgeFactor(preset, task, others);
  if (assumed.length === 0 || others.length === 0 || 'missing' in rest) return '';
  return ` (${show(rest.value)} without what is assumed: ${assumed.join(', ')})`;
}

/** What each period of the curve emits; null for a curve that emits at one pace and knows no periods of its own. */
function amountsOf({ curve }: Preset): readonly bigint[] | null {
  if (curve.kind === 'constant' || curve.kind === 'even') return null;
  const rows = curvePeriods(curve, 0);
  return rows.map(({ cumulative }, index) => cumulative - (rows[index - 1]?.cumulative ?? 0n));
}

function judgeFall(says: string, preset: Preset): Judged {
  const amounts = amountsOf(preset);
  if (amounts === null) return contradicted(says, 'The curve emits at one pace.');
  const unit = preset.curve.kind === 'constant' ? 'period' : preset.curve.period;
  const stays = amounts.findIndex((amount, index) => index > 0 && amount >= (amounts[index - 1] ?? 0n));
  if (stays === -1) {
    const message = sentence(says, `Each of the ${amounts.length} ${unit}s emits less than the one before.`);
    return { level: 'agrees', message, figures: {} };
  }
  const [before, after] = [amounts[stays - 1] ?? 0n, amounts[stays] ?? 0n].map(inTokens);
  return contradicted(says, `Computed: ${unit} ${stays + 1} emits ${after}, the one before ${before}.`);
}

function judgeZero(says: string, preset: Preset): Judged {
  const amounts = amountsOf(preset);
  const empty = amounts?.findIndex((amount) => amount === 0n) ?? -1;
  const unit = preset.curve.kind === 'constant' ? 'period' : preset.curve.period;
  if (empty !== -1) return contradicted(says, `Computed: ${unit} ${empty + 1} emits nothing.`);
  const smallest = amounts?.reduce((least, amount) => (amount < least ? amount : least));
  const words =
    smallest === undefined
      ? 'The curve emits at one pace until it ends.'
      : `The least that a ${unit} emits is ${inTokens(smallest)}.`;
  return { level: 'agrees', message: sentence(says, words), figures: {} };
}

function contradicted(says: string, rest: string): Judged {
  return { level: 'contradiction', message: sentence(says, rest), figures: {} };
}

function notComputed(says: string, why: string): Judged {
  return { level: 'gap', message: sentence(says, `Not computed: ${why}.`), figures: {} };
}

function judgeEnd(says: string, announced: string, { curve, start }: Preset): Judged {
  if (start?.date === undefined) {
    return notComputed(says, 'no day of the start is named');
  }
  const from = Date.parse(start.date) / 1000; // integer: a midnight is a whole second
  const end = curve.kind === 'constant' ? from + curve.lasts : addCalendar(from, periodsOf(curve), curve.period);
  const last = new Date((end - 1) * 1000).toISOString().slice(0, 10);
  const figures = { announced, computed: last };
  const agrees = last === announced;
  return {
    level: agrees ? 'agrees' : 'contradiction',
    message: sentence(says, `From ${start.date} the last day is ${last}${agrees ? '' : `, not ${announced}`}.`),
    figures,
  };
}

function periodsOf(curve: Exclude<Preset['curve'], { kind: 'constant' }>): number {
  if (curve.kind !== 'phases') return curve.periods;
  return curve.phases.reduce((rows, { shares }) => rows + shares.length, 0);
}

function sentence(says: string, rest: string): string {
  return `“${says}” ${rest}`;
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}
