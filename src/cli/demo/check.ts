import { tokens } from '../../protocol/tokens.ts';

/** Something that the demo promises and looks at: what, whether it held, and the figures behind it. */
export interface Check {
  readonly claim: string;
  readonly held: boolean;
  readonly figures: string;
}

/** Collects checks; none of them stops the demo, so that the reader sees all that failed. */
export interface CheckList {
  readonly add: (claim: string, held: boolean, figures: string) => void;
  /** Two amounts (wei) that must be the same. */
  readonly equal: (claim: string, left: bigint, right: bigint) => void;
  readonly all: () => readonly Check[];
}

/** An empty list of checks. */
export function checkList(): CheckList {
  const checks: Check[] = [];
  const add: CheckList['add'] = (claim, held, figures) => {
    checks.push({ claim, held, figures });
  };
  return {
    add,
    equal: (claim, left, right) =>
      add(claim, left === right, left === right ? tokens(left, 18) : `${left} wei is not ${right} wei`),
    all: () => checks,
  };
}
