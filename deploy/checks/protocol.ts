import type { Contracts } from '../../src/chain/bindings.ts';
import type { DeploymentInputs } from '../inputs.ts';
import type { Findings } from './findings.ts';

type Values = Readonly<Record<string, string | number | bigint | boolean>>;

const WAD = 10n ** 18n;

/** Curve, supply, tasks and every parameter of epoch 0 as they were asked for. */
export async function checkProtocol(findings: Findings, contracts: Contracts, inputs: DeploymentInputs): Promise<void> {
  await checkCurve(findings, contracts, inputs);
  await checkToken(findings, contracts, inputs);
  await checkTasks(findings, contracts, inputs);
  await checkParameters(findings, contracts, inputs);
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

async function checkToken(findings: Findings, { token }: Contracts, inputs: DeploymentInputs) {
  const genesis = inputs.genesis.reduce((sum, { amount }) => sum + amount, 0n);
  findings.equal('token.name', await token.name(), inputs.token.name);
  findings.equal('token.symbol', await token.symbol(), inputs.token.symbol);
  findings.equal('token.GENESIS', await token.GENESIS(), genesis);
  findings.equal('token.CAP', await token.CAP(), genesis + inputs.curve.total);
  findings.equal('token.totalSupply', await token.totalSupply(), genesis);
  const expected = new Map<string, bigint>([[inputs.deployer.toLowerCase(), 0n]]);
  for (const { account, amount } of inputs.genesis) {
    expected.set(account.toLowerCase(), (expected.get(account.toLowerCase()) ?? 0n) + amount);
  }
  for (const [account, amount] of expected) {
    findings.equal(`balance of ${account}`, await token.balanceOf(account), amount);
  }
}

async function checkTasks(findings: Findings, { registry }: Contracts, { tasks, policy }: DeploymentInputs) {
  const [ids, weights, minScores, policyHash] = await registry.tasksAt(0);
  const rows = ids.map((task, index) => [task, weights[index] ?? 0n, minScores[index] ?? 0n]);
  const asked = tasks.map(({ task, weight, minScore }) => [task, weight, minScore]);
  findings.equal('tasks', rows, asked);
  findings.equal(
    'sum of weights',
    weights.reduce((sum, weight) => sum + weight, 0n),
    WAD,
  );
  findings.equal('policy hash', policyHash, policy.hash);
}

async function checkParameters(findings: Findings, contracts: Contracts, inputs: DeploymentInputs) {
  const { reserve, vault, parameters } = contracts;
  const { hasLaw, a, b, c, alpha, priceRef, smoothing, rho, priceSource } = await reserve.parametersAt(0);
  const law: Values = { hasLaw, a, b, c, alpha, priceRef, smoothing, rho, priceSource };
  for (const [name, value] of Object.entries(inputs.reserve)) {
    findings.equal(`reserve parameter ${name}`, law[name] ?? 'nothing', value);
  }
  findings.equal('reserve holds', [await reserve.reserve(), await reserve.pending()], [0n, 0n]);

  const [since, cohortEpochs, duration] = await vault.termsAt(0);
  findings.equal(
    'release terms',
    [since, cohortEpochs, duration],
    [0, inputs.terms.cohortEpochs, inputs.terms.duration],
  );

  const [foundation, foundationShare] = await parameters.foundationAt(0);
  const [window, bond] = await parameters.challengeAt(0);
  const found: Values = {
    foundation,
    foundationShare,
    accountCap: await parameters.accountCapAt(0),
    accelerationBound: await parameters.accelerationBoundAt(0),
    window,
    bond,
  };
  for (const [name, value] of Object.entries(inputs.initial)) {
    findings.equal(`parameter ${name}`, found[name] ?? 'nothing', value);
  }
}
