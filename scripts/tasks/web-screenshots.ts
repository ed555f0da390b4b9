/** `npm run web:screenshots`: pictures of every view over a story whose figures are the same each time, into docs/web. */
import { mkdirSync } from 'node:fs';

import { claim } from '../../src/chain/epoch-steps.ts';
import { show, startPageWorld, type OpenOptions, type PageWorld } from '../../test/support/page-world.ts';
import { proposeWeights } from '../../test/support/weights-proposal.ts';
import { accountOf, claimOf } from '../../test/support/world.ts';
import { root } from './steps.ts';

const FOLDER = `${root}docs/web/`;
const DAY = 86_400;
/** A picture is cut there, on a phone and elsewhere: what stands below is more of the same. */
const MOST = { phone: 2600, elsewhere: 1500 };
const DESK = { viewport: { width: 1120, height: 900 } } as const;
const WAYS: readonly (readonly [name: string, options: OpenOptions])[] = [
  ['light', { ...DESK, colorScheme: 'light' }],
  ['dark', { ...DESK, colorScheme: 'dark' }],
  ['phone', { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, colorScheme: 'light' }],
];

/**
 * Alice has claimed twice, and other weights are being voted on: the newest final epoch, and the vote. Whatever depends on the time of a block happens at one
 * that is the same each time: by itself a chain goes on with the clock of the machine.
 */
async function tell(story: PageWorld): Promise<{ readonly epoch: number; readonly vote: bigint }> {
  const { world, settled, remote, now } = story;
  const { alice, bob, carol } = world.actors;
  const { governor, distributor } = world.chain.contracts;
  const epoch = settled.length - 2;
  const final = settled[epoch];
  if (final === undefined) throw new Error('no final epoch');
  const leaf = claimOf(final, accountOf(alice));
  const next = async (time: number) => await remote.node.request('evm_setNextBlockTimestamp', time);
  const day = Math.ceil((await now()) / DAY) * DAY;
  await next(day);
  await claim(world.chain, bob, leaf);
  await next(day + DAY);
  await claim(world.chain, alice, leaf);
  // What was paid circulates, and the quorum is a part of it.
  await (await distributor.connect(alice).recordLocked()).wait();
  await next(day + 2 * DAY);
  const vote = await proposeWeights(story);
  await (await governor.connect(bob).castVoteWithReason(vote, 1, 'it does take weeks')).wait();
  await (await governor.connect(alice).castVote(vote, 1)).wait();
  await (await governor.connect(carol).castVote(vote, 0)).wait();
  await story.travelTo(day + 4 * DAY);
  return { epoch, vote };
}

async function picture(story: PageWorld, path: string, file: string, options: OpenOptions): Promise<void> {
  const open = await story.open(path, options);
  await show(open, path);
  // The port of the node is another one each time.
  await open.page.locator('footer p').evaluate((line: { innerHTML: string }) => {
    line.innerHTML = line.innerHTML.replace(/127\.0\.0\.1:\d+/, 'node.example');
  });
  const { width } = open.page.viewportSize() ?? DESK.viewport;
  const most = options.isMobile === true ? MOST.phone : MOST.elsewhere;
  const height = Math.min(most, await open.page.evaluate<number>('document.documentElement.scrollHeight'));
  await open.page.setViewportSize({ width, height });
  await show(open, path);
  await open.page.screenshot({ path: `${FOLDER}${file}.png` });
  await open.close();
  console.log(`docs/web/${file}.png`);
}

const story = await startPageWorld({ finalEpochs: 12 });
try {
  mkdirSync(FOLDER, { recursive: true });
  const { epoch, vote } = await tell(story);
  const views: Readonly<Record<string, string>> = {
    overview: '/',
    miner: `/miner/${accountOf(story.world.actors.alice)}`,
    governance: '/governance',
    weights: '/governance/weights',
    decision: `/governance/decision/${vote}`,
    votes: '/governance/votes',
    settlements: '/settlements',
    settlement: `/settlements/${epoch}`,
    'what-if': '/what-if',
  };
  for (const [view, path] of Object.entries(views)) {
    for (const [how, options] of WAYS) await picture(story, path, `${view}-${how}`, options);
  }
} finally {
  await story.close();
}
