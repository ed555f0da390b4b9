/** `npm run web:screenshots`: pictures of every view over a story whose figures are the same each time, into docs/web. */
import { mkdirSync } from 'node:fs';

import { claim } from '../../src/chain/epoch-steps.ts';
import { show, startPageWorld, type OpenOptions, type PageWorld } from '../../test/support/page-world.ts';
import { accountOf, claimOf } from '../../test/support/world.ts';
import { root } from './steps.ts';

const FOLDER = `${root}docs/web/`;
const DAY = 86_400;
/** A picture is cut there: what stands below is more of the same. */
const MOST = 1500;
const DESK = { viewport: { width: 1120, height: 900 } } as const;
const WAYS: readonly (readonly [name: string, options: OpenOptions])[] = [
  ['light', { ...DESK, colorScheme: 'light' }],
  ['dark', { ...DESK, colorScheme: 'dark' }],
  ['phone', { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, colorScheme: 'light' }],
];

/** Alice has claimed twice, and other weights are being voted on. */
async function tell({ world, settled, travelTo, now }: PageWorld): Promise<number> {
  const { alice, bob, carol } = world.actors;
  const { registry, governor, curve } = world.chain.contracts;
  const final = settled.at(-2);
  if (final === undefined) throw new Error('no final epoch');
  await claim(world.chain, bob, claimOf(final, accountOf(alice)));
  await travelTo((await now()) + DAY);
  await claim(world.chain, alice, claimOf(final, accountOf(alice)));

  const WEIGHTS = [30n, 20n, 20n, 30n].map((hundredths, at) => ({ task: at + 1, weight: hundredths * 10n ** 16n }));
  const from = Number(await curve.epochAt(BigInt(await now()))) + 8;
  const { interface: calls } = registry;
  const data = calls.encodeFunctionData('scheduleTasks', [from, WEIGHTS]);
  const reason = 'Review is scarce\n\nIt takes weeks at present: more for those who look through what others made.';
  const target = await registry.getAddress();
  await (await governor.connect(alice).propose([target], [0n], [data], reason)).wait();
  const { ethers } = world.hardhat;
  const id = await governor.hashProposal([target], [0n], [data], ethers.id(reason));
  await travelTo(Number(await governor.proposalSnapshot(id)) + 1);
  await (await governor.connect(bob).castVoteWithReason(id, 1, 'it does take weeks')).wait();
  await (await governor.connect(alice).castVote(id, 1)).wait();
  await (await governor.connect(carol).castVote(id, 0)).wait();
  return settled.length - 2;
}

async function picture(story: PageWorld, path: string, file: string, options: OpenOptions): Promise<void> {
  const open = await story.open(path, options);
  await show(open, path);
  // The port of the node is another one each time.
  await open.page.locator('footer p').evaluate((line: { innerHTML: string }) => {
    line.innerHTML = line.innerHTML.replace(/127\.0\.0\.1:\d+/, 'node.example');
  });
  const { width } = open.page.viewportSize() ?? DESK.viewport;
  const height = Math.min(MOST, await open.page.evaluate<number>('document.documentElement.scrollHeight'));
  await open.page.setViewportSize({ width, height });
  await show(open, path);
  await open.page.screenshot({ path: `${FOLDER}${file}.png` });
  await open.close();
  console.log(`docs/web/${file}.png`);
}

const story = await startPageWorld({ finalEpochs: 12 });
try {
  mkdirSync(FOLDER, { recursive: true });
  const epoch = await tell(story);
  const views: Readonly<Record<string, string>> = {
    overview: '/',
    miner: `/miner/${accountOf(story.world.actors.alice)}`,
    governance: '/governance',
    weights: '/governance/weights',
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
