import { parseAddress } from '../../protocol/brands.ts';
import type { Preset } from '../../settlement/preset/load-preset.ts';
import { presetParameters } from '../../settlement/preset/preset-parameters.ts';
import { lagOf } from './governance.ts';
import type { StoryTerms } from './plan.ts';
import type { DemoPlan } from './plans.ts';

/** Stands for a foundation where its address does not matter. */
const ANYBODY = parseAddress(`0x${'11'.repeat(20)}`);

/** What the preset's times leave of the story. */
export function storyTerms({ preset, plan }: { readonly preset: Preset; readonly plan: DemoPlan }): StoryTerms {
  const parameters = presetParameters(preset, plan.start, { foundation: ANYBODY });
  const lead = preset.release.over === 0 ? 1 : preset.release.cohortEpochs;
  return { lead, lag: lagOf({ parameters }) };
}
