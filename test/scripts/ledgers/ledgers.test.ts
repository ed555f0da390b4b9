import { readFile, readdir } from 'node:fs/promises';

import { expect } from 'chai';

import { allLedgers } from '../../../scripts/ledgers/all-ledgers.ts';
import {
  EXAMPLE_DAY,
  EXAMPLE_PERSON,
  langxWorld,
  SILENT_DAY,
  STEADY_PERSON,
} from '../../../scripts/ledgers/langx-days.ts';
import { communityOn, LINGOPOD_DAYS, LINGOPOD_FIRST, LINGOPOD_LAST } from '../../../scripts/ledgers/lingopod.ts';
import { parseRows } from '../../support/plain-csv.ts';

const EXAMPLES = new URL('../../../examples/', import.meta.url);
const LARGEST = 300_000;

describe('the generated ledgers', () => {
  const files = allLedgers();

  it('are what stands under examples/, byte for byte', async () => {
    for (const { path, text } of files) {
      const committed = await readFile(new URL(path, EXAMPLES), 'utf8');
      expect(committed === text, `${path}: run npm run ledgers`).to.equal(true);
    }
    for (const folder of new Set(files.map(({ path }) => path.split('/')[0] ?? ''))) {
      const there = (await readdir(new URL(`${folder}/`, EXAMPLES))).filter((name) => name.endsWith('.csv'));
      const written = files.filter(({ path }) => path.startsWith(`${folder}/`)).map(({ path }) => path.split('/')[1]);
      expect(there.sort(), folder).to.deep.equal(written.sort());
    }
  });

  it('are small enough to read', () => {
    for (const { path, text } of files) expect(text.length, path).to.be.below(LARGEST);
  });

  it('LangX: the day of the published example has 1,105 of 50,000 points', () => {
    const { people, days } = langxWorld();
    const hundredths = days[EXAMPLE_DAY]!.map(({ person, text, voice, image, online, streak }) => {
      const points = 10 * Math.min(text, 100) + 100 * Math.min(voice, 10) + 200 * Math.min(image, 5);
      const value = (points * Math.min(online, 120) * Math.min(streak, 30) * people[person]!.tenths) / 120;
      return { person, value };
    });
    expect(hundredths.find(({ person }) => person === EXAMPLE_PERSON)?.value).to.equal(110_500);
    expect(hundredths.reduce((sum, { value }) => sum + value, 0)).to.equal(5_000_000);
  });

  it('LangX: a streak of more than 30 days, a silent day that ends it, and days that were missed', () => {
    const { days } = langxWorld();
    const streakOn = (day: number) => days[day]!.find(({ person }) => person === STEADY_PERSON)!.streak;
    expect([29, 39, 40, 41].map(streakOn)).to.deep.equal([30, 40, 0, 1]);
    expect(days[SILENT_DAY]!.some(({ online }) => online > 0)).to.equal(true);
    expect(days[SILENT_DAY]!.every(({ text, voice, image }) => text + voice + image === 0)).to.equal(true);
    const restarted = days.slice(0, SILENT_DAY).flatMap(
      (today, day) =>
      today.filter(({ person, streak }) => streak === 1 && days.slice(0, day).flat().some((entry) => entry.person === person)), // prettier-ignore
    );
    expect(restarted.length).to.be.greaterThan(20);
  });

  it('LingoPod: grows from about 10 people a day to about 300', () => {
    expect(communityOn(0)).to.equal(LINGOPOD_FIRST);
    expect(communityOn(LINGOPOD_DAYS - 1)).to.equal(LINGOPOD_LAST);
  });

  it('TNET: one day without a row, and blocks from the middle on', () => {
    const { text } = files.find(({ path }) => path === 'tnet/contributions.csv')!;
    const rows = parseRows(text);
    const days = new Set(rows.map(({ time }) => time!.slice(0, 10)));
    expect(days.has('2018-09-12') && days.has('2018-09-14')).to.equal(true);
    expect(days.has('2018-09-13')).to.equal(false);
    const blocks = rows.filter(({ task }) => task === 'block-generation').map(({ time }) => time!.slice(0, 10));
    expect(blocks.sort()[0]).to.equal('2018-09-15');
  });
});
