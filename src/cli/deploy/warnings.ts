import type { People } from '../../../deploy/roles.ts';

/** What is allowed in a deployment and worth a second thought: one sentence for each. */
export function warningsAbout({ council, operators, guardians }: People): readonly string[] {
  const warnings: string[] = [];
  for (const holder of new Set([council, ...operators, ...guardians])) {
    const [decides, proposes, stops] = [holder === council, operators.includes(holder), guardians.includes(holder)];
    const held = [decides ? 'council' : [], proposes ? 'operator' : [], stops ? 'guardian' : []].flat();
    if (held.length < 2) continue;
    const alone = stops && guardians.every((guardian) => guardian === holder);
    const unchecked = proposes && alone ? '; nobody else can veto what it proposes' : '';
    warnings.push(`${holder} is ${held.join(' and ')}: one key that is stolen or lost is all of that${unchecked}`);
  }
  return warnings;
}
