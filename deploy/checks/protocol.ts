import type { AddressBook } from '../../src/chain/address-book.ts';
import type { Contracts } from '../../src/chain/bindings.ts';
import { eventArguments } from '../../src/chain/lenient.ts';
import { ZERO_ADDRESS } from '../../src/protocol/brands.ts';
import { UNIT_POOL } from '../../src/settlement/preset/unit-pool-schema.ts';
import type { CheckDeployment } from '../check-deployment.ts';
import type { DeploymentInputs } from '../inputs.ts';
import type { Findings, Unit } from './findings.ts';

type Values = Readonly<Record<string, string | number | bigint | boolean>>;

const WAD = 10n ** 18n;

/** The last epoch that a history knows: what is in force there has no change after it. */
const LAST_EPOCH = 2 ** 32 - 1;

/** What parameters count; all others are plain numbers, or none. */
const UNITS: Readonly<Record<string, Unit>> = {
  ...{ foundationShare: 'part', accountCap: 'part', accelerationBound: 'part', window: 'seconds', bond: 'coin' },
  ...{ a: 'decimal', b: 'decimal', c: 'decimal', alpha: 'decimal', priceRef: 'decimal', rho: 'decimal' },
};

/**
 * Curve, supply, tasks and every parameter as they were asked for, in the first epoch and in the last one, with nothing
 * else scheduled between them and nobody registered who was not asked for.
 */
export async function checkProtocol(findings: Findings, contracts: Contracts, check: CheckDeployment): Promise<void> {
  const { addressBook, inputs } = check;
  await checkCurve(findings, contracts, inputs);
  await checkToken(findings, contracts, check);
  await checkTaskNames(findings, contracts, addressBook.startBlock, inputs.tasks);
  await checkReserve(findings, contracts, addressBook);
  await checkUnitPool(findings, contracts, inputs);
  await checkEpoch(findings, contracts, inputs, 0);
  await checkEpoch(findings, contracts, inputs, LAST_EPOCH);
  await checkSchedules(findings, contracts, addressBook.startBlock);
}

async function checkCurve(findings: Findings, { curve }: Contracts, { curve: asked }: DeploymentInputs) {
  findings.equal('curve.START', await curve.START(), asked.start);
  findings.equal('curve.EPOCH_LENGTH', await curve.EPOCH_LENGTH(), asked.epochLength);
  findings.equal('curve.TOTAL', await curve.TOTAL(), asked.total);
  const table = await curve.periods();
  findings.equal(
    'curve.periods',
    table.map(({ end, cumulative }) => [end, cumulative]),
    asked.periods.map(({ end, cumulative }) => [end, cumulative]),
  );
  const end = asked.periods.at(-1)?.end ?? 0;
  findings.equal('emission by the end of the curve', await curve.emittedBy(end), asked.total);
}

async function checkToken(findings: Findings, { token }: Contracts, { inputs, addressBook }: CheckDeployment) {
  const genesis = inputs.genesis.reduce((sum, { amount }) => sum + amount, 0n);
  findings.equal('token.name', await token.name(), inputs.token.name);
  findings.equal('token.symbol', await token.symbol(), inputs.token.symbol);
  findings.equal('token.GENESIS', await token.GENESIS(), genesis);
  findings.equal('token.CAP', await token.CAP(), genesis + inputs.curve.total);
  findings.used('token.totalSupply', await token.totalSupply(), genesis);
  const expected = new Map<string, bigint>([[inputs.deployer.toLowerCase(), 0n]]);
  for (const { account: named, amount } of inputs.genesis) {
    const account = (named === UNIT_POOL ? (addressBook.contracts.unitPool ?? ZERO_ADDRESS) : named).toLowerCase();
    expected.set(account, (expected.get(account) ?? 0n) + amount);
  }
  for (const [account, amount] of expected) {
    findings.used(`balance of ${account}`, await token.balanceOf(account), amount);
  }
}

/** Only the first tasks were made known; what any epoch has of them is looked at by `checkEpoch`. */
async function checkTaskNames(
  findings: Findings,
  { registry }: Contracts,
  startBlock: number,
  asked: DeploymentInputs['tasks'],
) {
  const added = await registry.queryFilter(registry.filters.TaskAdded(), startBlock);
  findings.governed(
    'tasks added',
    added.map((event) => [event.args.task, String(eventArguments(event).getValue('name'))]),
    asked.map(({ task, name }) => [task, name]),
  );
}

async function checkReserve(findings: Findings, { reserve }: Contracts, { startBlock, contracts }: AddressBook) {
  findings.used('reserve holds', [await reserve.reserve(), await reserve.pending()], [0n, 0n]);
  const pools = await reserve.queryFilter(reserve.filters.PoolRegistered(), startBlock);
  findings.governed(
    'pools of the reserve',
    pools.map(({ args }) => args.pool),
    contracts.unitPool === undefined ? [] : [contracts.unitPool],
  );
}

/** The pool is there exactly if it was asked for, promises what was asked for, and nothing of it was sold or paid yet. */
async function checkUnitPool(findings: Findings, { unitPool }: Contracts, { unitPool: asked }: DeploymentInputs) {
  findings.equal('unit pool', unitPool !== null, asked !== null);
  if (unitPool === null || asked === null) return;
  findings.equal('unitPool.ALLOCATION', await unitPool.ALLOCATION(), asked.allocation);
  findings.equal('unitPool.UNITS', await unitPool.UNITS(), asked.units);
  findings.equal('unitPool.SALE_END', await unitPool.SALE_END(), asked.saleEnd);
  findings.equal('unitPool.RELEASE_OVER', await unitPool.RELEASE_OVER(), asked.releaseOver);
  findings.used('units sold', await unitPool.sold(), 0n);
  findings.used('unitPool.locked', await unitPool.locked(), asked.allocation);
  findings.used('unitPool.closed', await unitPool.closed(), false);
}

async function checkEpoch(findings: Findings, contracts: Contracts, inputs: DeploymentInputs, epoch: number) {
  const { registry, reserve, vault, parameters } = contracts;
  const name = (what: string) => `${what} in epoch ${epoch}`;

  const [ids, weights, minScores, policyHash] = await registry.tasksAt(epoch);
  const rows = ids.map((task, index) => [task, weights[index] ?? 0n, minScores[index] ?? 0n]);
  const asked = inputs.tasks.map(({ task, weight, minScore }) => [task, weight, minScore]);
  findings.governed(name('tasks'), rows, asked, 'tasks');
  findings.equal(
    name('sum of weights'),
    weights.reduce((sum, weight) => sum + weight, 0n),
    WAD,
  );
  findings.governed(name('policy hash'), policyHash, inputs.policy.hash);

  const { hasLaw, a, b, c, alpha, priceRef, smoothing, rho, priceSource } = await reserve.parametersAt(epoch);
  const law: Values = { hasLaw, a, b, c, alpha, priceRef, smoothing, rho, priceSource };
  for (const [key, value] of Object.entries(inputs.reserve)) {
    findings.governed(name(`reserve parameter ${key}`), law[key] ?? 'nothing', value, UNITS[key]);
  }

  const [since, cohortEpochs, duration] = await vault.termsAt(epoch);
  const { terms } = inputs;
  const promised = [0, terms.cohortEpochs, terms.duration];
  findings.governed(name('release terms'), [since, cohortEpochs, duration], promised, 'terms');

  const [foundation, foundationShare] = await parameters.foundationAt(epoch);
  const [window, bond] = await parameters.challengeAt(epoch);
  const found: Values = {
    foundation,
    foundationShare,
    accountCap: await parameters.accountCapAt(epoch),
    accelerationBound: await parameters.accelerationBoundAt(epoch),
    window,
    bond,
  };
  for (const [key, value] of Object.entries(inputs.initial)) {
    findings.governed(name(`parameter ${key}`), found[key] ?? 'nothing', value, UNITS[key]);
  }
}

/** Nothing was scheduled for an epoch after the first one, not even something that a later change takes back. */
async function checkSchedules(findings: Findings, contracts: Contracts, startBlock: number) {
  const { registry, reserve, vault, parameters } = contracts;
  const scheduled = [
    ...(await registry.queryFilter(registry.filters.WeightScheduled(), startBlock)),
    ...(await registry.queryFilter(registry.filters.PolicyScheduled(), startBlock)),
    ...(await reserve.queryFilter(reserve.filters.ParametersScheduled(), startBlock)),
    ...(await vault.queryFilter(vault.filters.TermsScheduled(), startBlock)),
    ...(await parameters.queryFilter(parameters.filters.FoundationScheduled(), startBlock)),
    ...(await parameters.queryFilter(parameters.filters.AccountCapScheduled(), startBlock)),
    ...(await parameters.queryFilter(parameters.filters.AccelerationBoundScheduled(), startBlock)),
    ...(await parameters.queryFilter(parameters.filters.ChallengeScheduled(), startBlock)),
  ];
  const later = scheduled.filter(({ args }) => args.from !== 0n);
  findings.governed(
    'changes after epoch 0',
    [...new Set(later.map(({ args, fragment }) => `${fragment.name} from ${args.from}`))],
    [],
  );
}
