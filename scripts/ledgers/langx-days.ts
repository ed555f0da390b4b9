import { random, type Random } from './random.ts';

export const LANGX_SEED = 20_250_101;
export const LANGX_DAYS = 48;
export const LANGX_PEOPLE = 150;
/** On this day nobody writes a message (some are online all the same); everybody's streak ends. */
export const SILENT_DAY = 40;
/** The day of the published worked example: the bases of all people together are 50,000. */
export const EXAMPLE_DAY = 30;
/** The person of the worked example: active on the ten days that end with the example's. */
export const EXAMPLE_PERSON = 0;
/** Active on every day, so that a streak of over 30 counts as 30. */
export const STEADY_PERSON = 1;

const EXAMPLE_TOTAL = 5_000_000; // 50,000 in hundredths
const DAYS_BEFORE = 9;
/** Nobody has more than this part of the example's day, in hundredths of a point. */
const MOST_ON_EXAMPLE_DAY = 450_000;

/** What is left for the last two people to bring, in hundredths. */
const ROOM = 200;

/** What a badge adds to 1, in tenths; how many people out of a thousand have it. */
const BADGES = [
  { name: 'Fundamental', tenths: 20, perMille: 20 },
  { name: 'Backer', tenths: 10, perMille: 70 },
  { name: 'Early-Adopter', tenths: 5, perMille: 150 },
  { name: 'Pioneer', tenths: 2, perMille: 200 },
  { name: 'Teacher', tenths: 1, perMille: 120 },
  { name: 'Creator', tenths: 1, perMille: 80 },
] as const;

/** What one person did on one day. */
export interface PersonDay {
  readonly person: number;
  text: number;
  voice: number;
  image: number;
  /** Minutes online. */
  online: number;
  /** Consecutive days with a message, this one included; 0 without a message. */
  readonly streak: number;
}

/** One made-up person. */
export interface Person {
  readonly badges: readonly string[];
  /** What the badges make of a point, in tenths: 10 without any. */
  readonly tenths: number;
}

/** A made-up community, day after day. */
export interface LangxWorld {
  readonly people: readonly Person[];
  readonly days: readonly (readonly PersonDay[])[];
}

/** Who has which badges, and who did what on which day. */
export function langxWorld(): LangxWorld {
  const dice = random(LANGX_SEED);
  const people = Array.from({ length: LANGX_PEOPLE }, (_, number) => personOf(number, dice));
  const habits = people.map(() => ({ joins: Math.max(0, dice.below(44) - 8), perMille: dice.pick([[80, 5], [250, 3], [550, 1], [970, 1]] as const) })); // prettier-ignore
  const streaks = people.map(() => 0);
  const days = Array.from({ length: LANGX_DAYS }, (_, day) => {
    const today: PersonDay[] = [];
    for (let person = 0; person < LANGX_PEOPLE; person++) {
      const { joins, perMille } = habits[person] ?? { joins: 0, perMille: 0 };
      const comes =
        comesOn(person, day) ?? (day >= joins && dice.chance(day === EXAMPLE_DAY ? 2 * perMille : perMille));
      const writes = comes && day !== SILENT_DAY;
      const streak = writes ? (streaks[person] ?? 0) + 1 : 0;
      streaks[person] = streak;
      if (comes) today.push({ person, ...deeds(writes, dice), streak });
    }
    if (day === EXAMPLE_DAY) makeExample(today, people);
    return today;
  });
  return { people, days };
}

/** Whether somebody of the examples is there; everybody else decides for themselves. */
function comesOn(person: number, day: number): boolean | undefined {
  if (person === STEADY_PERSON) return true;
  if (isFiller(person)) return day === EXAMPLE_DAY ? true : day < EXAMPLE_DAY ? false : undefined;
  if (person !== EXAMPLE_PERSON || day > EXAMPLE_DAY) return undefined;
  return day >= EXAMPLE_DAY - DAYS_BEFORE;
}

function personOf(number: number, dice: Random): Person {
  const drawn = BADGES.filter(({ perMille }) => dice.chance(perMille));
  const has = fixedBadges(number);
  const held = has === undefined ? drawn : BADGES.filter(({ name }) => has.includes(name));
  return { badges: held.map(({ name }) => name), tenths: held.reduce((sum, { tenths }) => sum + tenths, 10) };
}

function fixedBadges(number: number): readonly string[] | undefined {
  if (number === EXAMPLE_PERSON) return ['Early-Adopter', 'Pioneer'];
  if (number === 2) return ['Teacher'];
  if (number === 3) return [];
  return undefined;
}

/** Two people whose first day is the example's: they bring its sum to the hundredth. */
function isFiller(person: number): boolean {
  return person === 2 || person === 3;
}

/** A day's deeds. Some go over the caps of 100 texts, 10 voice messages, 5 images and 120 minutes. */
function deeds(writes: boolean, dice: Random): Omit<PersonDay, 'person' | 'streak'> {
  const online = dice.chance(950) ? dice.pick([[dice.between(2, 40), 5], [dice.between(30, 100), 4], [dice.between(90, 180), 1]] as const) : 0; // prettier-ignore
  if (!writes) return { text: 0, voice: 0, image: 0, online: online + 1 };
  return {
    text: dice.pick([[dice.between(1, 25), 6], [dice.between(20, 80), 3], [dice.between(80, 140), 1]] as const), // prettier-ignore
    voice: dice.chance(220) ? dice.between(1, 12) : 0,
    image: dice.chance(120) ? dice.between(1, 6) : 0,
    online,
  };
}

/** A base in hundredths of a point, for whole twelfths of the 120 minutes: tens of points · j · streak · tenths / 100. */
function base({ text, voice, image, online, streak }: PersonDay, tenths: number): number {
  return (text + 10 * voice + 20 * image) * (online / 12) * Math.min(streak, 30) * tenths;
}

/** Turns a day into the one of the published example: person 0 has its 1,105, and everybody together 50,000. */
function makeExample(today: PersonDay[], people: readonly Person[]): void {
  const tenthsOf = ({ person }: PersonDay): number => people[person]?.tenths ?? 10;
  for (const entry of today) {
    const k = { text: Math.min(entry.text, 100), voice: Math.min(entry.voice, 10), image: Math.min(entry.image, 5) };
    Object.assign(entry, k, { online: 12 * Math.min(10, Math.trunc(entry.online / 12) + 1) });
    if (entry.person === EXAMPLE_PERSON) Object.assign(entry, { text: 80, voice: 3, image: 1, online: 60 });
    if (isFiller(entry.person)) Object.assign(entry, { text: 1, voice: 0, image: 0, online: 12 });
    // A busy day: people stay longer, a sixth more at a time, as long as their share is a share among many.
    while (base(entry, tenthsOf(entry)) > MOST_ON_EXAMPLE_DAY && entry.online > 12) entry.online -= 12;
  }
  const sum = (): number => today.reduce((total, entry) => total + base(entry, tenthsOf(entry)), 0);
  const others = today.filter(({ person }) => person !== EXAMPLE_PERSON && !isFiller(person));
  // The most constant people first: the day's heroes write until the sum is nearly there.
  others.sort((a, b) => b.streak * tenthsOf(b) - a.streak * tenthsOf(a) || a.person - b.person);
  for (const raise of [busier, chattier]) {
    for (const entry of others) {
      for (;;) {
        const more = raise(entry);
        const now = base(entry, tenthsOf(entry));
        const then = base(more, tenthsOf(entry));
        if (then === now || then > MOST_ON_EXAMPLE_DAY || sum() + then - now > EXAMPLE_TOTAL - ROOM) break;
        Object.assign(entry, more);
      }
    }
  }
  // 11 a and 10 b hundredths: every number from 90 on is such a sum.
  fill(today, EXAMPLE_TOTAL - sum());
}

/** The same day with a little more of everything, within the caps. */
function busier({ person, streak, text, voice, image, online }: PersonDay): PersonDay {
  return {
    person,
    streak,
    text: Math.min(100, text + 5),
    voice: Math.min(10, voice + 1),
    image: Math.min(5, image + 1),
    online: Math.min(120, online + 12),
  };
}

/** The same day with one more text. */
function chattier(day: PersonDay): PersonDay {
  return { ...day, text: Math.min(100, day.text + 1) };
}

/** Closes a gap of so many hundredths: each text of the teacher is 11 of them, each of the other one 10. */
function fill(today: readonly PersonDay[], gap: number): void {
  const [teacher, plain] = [2, 3].map((person) => today.find((entry) => entry.person === person));
  if (teacher === undefined || plain === undefined) throw new RangeError('the fillers are not there');
  for (let more = 0; more < 10; more++) {
    const rest = gap - 11 * more;
    if (rest < 0 || rest % 10 !== 0 || rest / 10 > 290) continue;
    teacher.text += more;
    const k = rest / 10;
    plain.voice = Math.min(10, Math.trunc(k / 10));
    const left = k - 10 * plain.voice;
    plain.text += left;
    if (plain.text <= 100) return;
  }
  throw new RangeError(`the example's day cannot be filled: ${gap} hundredths are missing`);
}
