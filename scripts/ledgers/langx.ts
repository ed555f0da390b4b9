import { csv, moment, rowId, type LedgerFile } from './csv.ts';
import { LANGX_SEED, langxWorld, type PersonDay } from './langx-days.ts';
import { accountOf, random } from './random.ts';

/** Day 0 of the example ledger, 00:00 UTC. */
export const LANGX_START = Date.UTC(2025, 0, 1) / 1000;

const DAY = 86_400;
const COLUMNS = ['id', 'account', 'time', 'task', 'measure', 'units'] as const;

type Row = readonly (string | number)[];

/** The ledger of a language exchange: who wrote, spoke, sent pictures and was online on which day, and who has which badge. */
export function langxLedger(): readonly LedgerFile[] {
  const { people, days } = langxWorld();
  const dice = random(LANGX_SEED + 1);
  const timed = (pick: (entry: PersonDay) => readonly (readonly [string, number])[], prefix: string): Row[] => {
    const rows = days.flatMap((today, day) =>
      today
        .flatMap((entry) =>
          pick(entry)
            .filter(([, units]) => units > 0)
            .map(([measure, units]) => ({ second: secondOf(entry, day, dice.below(DAY)), entry, measure, units, day })),
        )
        .sort((a, b) => a.second - b.second || a.entry.person - b.entry.person),
    );
    return rows.map(({ second, entry, measure, units, day }, index) => {
      const account = accountOf('langx', entry.person);
      return [rowId(prefix, index + 1), account, moment(LANGX_START, day, second), 'messages', measure, units];
    });
  };
  const messages = timed(({ text, voice, image }) => [['text', text], ['voice', voice], ['image', image]], 'm'); // prettier-ignore
  const online = timed((entry) => [['online', entry.online]], 'o');
  const accounts = people.flatMap(({ badges }, person) => {
    const since = moment(LANGX_START, -1 - (person % 300), 43_200);
    const held = person % 11 === 10 ? badges : [...badges, 'verified'];
    return held.map((badge): Row => [accountOf('langx', person), badge, since]);
  });
  return [
    { path: 'langx/messages.csv', text: csv(COLUMNS, messages) },
    { path: 'langx/online.csv', text: csv(COLUMNS, online) },
    { path: 'langx/accounts.csv', text: csv(['account', 'badge', 'since'], accounts) },
  ];
}

/** Some deeds stand on the very border of a day: its first second belongs to it, its last one too. */
function secondOf({ person }: PersonDay, day: number, drawn: number): number {
  if (person === day) return 0;
  return person === day + 1 ? DAY - 1 : drawn;
}
