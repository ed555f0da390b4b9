import { addCalendar } from '../calendar.ts';
import type { Announcement } from '../announced-schema.ts';
import type { Preset } from '../load-preset.ts';
import { formatWad } from '../quantity.ts';
import { announcedFigure } from './announced-figure.ts';
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
      const share = (announcement.score * WAD) / announcement.of;
      const fits = share <= preset.accountCap;
      const figures = { share: formatWad(share), accountCap: formatWad(preset.accountCap) };
      const verdict = `The share is ${inPercent(share)}, the cap per account ${inPercent(preset.accountCap)}`;
      return {
        level: fits ? 'agrees' : 'contradiction',
        message: sentence(announcement.says, `${verdict}: ${fits ? 'it is' : 'it is cut'}.`),
        figures,
      };
    }
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
    return { level: 'gap', message: sentence(says, `Not computed: ${computed.missing}.`), figures: {} };
  }
  const difference = computed.value - printed.value;
  const figures = {
    announced: formatWad(printed.value),
    computed: formatWad(computed.value),
    difference: `${difference < 0n ? '-' : ''}${formatWad(abs(difference))}`,
  };
  const tolerated = announcement.within ?? printed.unit / 2n;
  const show = (value: bigint) => (IN_TOKENS.has(announcement.kind) ? inTokens(value) : likePrinted(value, printed));
  if (abs(difference) <= tolerated) {
    return { level: 'agrees', message: sentence(says, `Computed: ${show(computed.value)}.`), figures };
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
    case 'badge-factor':
      return difference < 0n
        ? { level: 'note', message: words(`All badges together come to ${really}: the limit never acts.`), figures }
        : { level: 'agrees', message: words(`All badges together come to ${really}: the limit acts.`), figures };
    default:
      return { level: 'contradiction', message: words(`Computed: ${really}, not ${announced}.`), figures };
  }
}

function judgeEnd(says: string, announced: string, { curve, start }: Preset): Judged {
  if (start?.date === undefined) {
    return { level: 'gap', message: sentence(says, 'Not computed: no day of the start is named.'), figures: {} };
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
