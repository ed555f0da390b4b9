import { FinalTrees } from '../../../src/claims/final-trees.ts';
import type { Deployment } from './open-deployment.ts';
import { reportPlaces } from './report-places.ts';

const kept = new WeakMap<Deployment, FinalTrees>();

/** The final trees of a deployment with what was fetched of them: every view looks into the same ones. */
export function treesOf(deployment: Deployment): FinalTrees {
  // Operators publish by epoch: what is asked for first is there, and the browser's console stays empty.
  const trees = kept.get(deployment) ?? new FinalTrees(reportPlaces(deployment), 'epoch');
  kept.set(deployment, trees);
  return trees;
}
