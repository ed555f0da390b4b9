import {
  any,
  cohortEnds,
  hasCohort,
  honestGrant,
  leafLie,
  lie,
  move,
  refitted,
  sameCurve,
  scored,
  WAD,
  was,
} from './lie-kit.ts';
import type { Lie } from './lie-kit.ts';

export const AMOUNTS: Lie[] = [
  leafLie('one wei more unlocked', (leaf) => void (leaf.unlocked += 1n)),
  leafLie(
    'one wei less unlocked',
    (leaf) => void (leaf.unlocked -= 1n),
    (leaf) => leaf.unlocked > 0n,
  ),
  leafLie('one wei more in a cohort', (leaf) => void (leaf.cohorts[0]!.amount += 1n), hasCohort),
  leafLie('one wei less in a cohort', (leaf) => void (leaf.cohorts.at(-1)!.amount -= 1n), hasCohort),
  leafLie('twice everything', (leaf) => {
    leaf.unlocked *= 2n;
    leaf.cohorts.forEach((cohort) => (cohort.amount *= 2n));
    return leaf.unlocked > 0n || leaf.cohorts.length > 0;
  }),
  lie('a wei moved from one account to another', (forgery, { numbers }) => {
    const rich = any(
      forgery.leaves.filter(({ unlocked }) => unlocked > 0n),
      numbers,
    );
    const other = any(
      forgery.leaves.filter((leaf) => leaf !== rich),
      numbers,
    );
    if (rich === undefined || other === undefined) return false;
    rich.unlocked -= 1n;
    other.unlocked += 1n;
    return true;
  }),
  lie('two accounts have each other’s curve', (forgery, { numbers }) => {
    const one = any(forgery.leaves, numbers);
    const other = any(
      forgery.leaves.filter((leaf) => one !== undefined && !sameCurve(leaf, one)),
      numbers,
    );
    if (one === undefined || other === undefined) return false;
    const { unlocked, cohorts } = one;
    Object.assign(one, { unlocked: other.unlocked, cohorts: other.cohorts });
    Object.assign(other, { unlocked, cohorts });
    return true;
  }),
  leafLie(
    'a grant in full where the cap holds',
    (leaf, victim, forgery) => {
      const more = honestGrant(victim, leaf.scores, WAD) - honestGrant(victim, leaf.scores);
      if (more === 0n || forgery.declared.granted + more > victim.settled.outcome.miners) return false;
      leaf.unlocked += more;
      for (const later of forgery.leaves.slice(forgery.leaves.indexOf(leaf))) later.runGranted += more;
      forgery.declared.granted += more;
      return true;
    },
    scored,
  ),
  leafLie(
    'a curve of 2^128 − 1',
    (leaf) => void (leaf.unlocked = (1n << 128n) - 1n),
    (leaf) => leaf.cohorts.length === 0,
  ),
];

export const COHORTS: Lie[] = [
  leafLie(
    'a cohort ends a second earlier',
    (leaf) => void (leaf.cohorts[0]!.end -= 1n),
    (leaf) => hasCohort(leaf) && leaf.cohorts[0]!.end > 0n,
  ),
  leafLie('a cohort is released in half the time', (leaf) => void (leaf.cohorts[0]!.duration /= 2n), hasCohort),
  leafLie('a cohort unlocked at once', (leaf) => void (leaf.unlocked += leaf.cohorts.shift()!.amount), hasCohort),
  leafLie('a cohort left out', (leaf) => void leaf.cohorts.pop(), hasCohort),
  leafLie(
    'a cohort out of nothing',
    (leaf, { settled }) =>
      void leaf.cohorts.push({ end: BigInt(settled.record.cohortEnd) + 1n, duration: 99n, amount: 5n }),
  ),
  leafLie(
    'cohorts out of order',
    (leaf) => void leaf.cohorts.reverse(),
    (leaf) => leaf.cohorts.length > 1,
  ),
  leafLie('a cohort twice', (leaf) => void leaf.cohorts.unshift({ ...leaf.cohorts[0]! }), hasCohort),
  leafLie(
    'a cohort of 0',
    (leaf, { settled }) =>
      void leaf.cohorts.push({ end: BigInt(settled.record.cohortEnd) + 1n, duration: 99n, amount: 0n }),
  ),
  leafLie('a finished cohort kept', (leaf, { settled }) => {
    if (leaf.unlocked === 0n || settled.record.start === 0) return false;
    leaf.cohorts.unshift({ end: 1n, duration: 1n, amount: leaf.unlocked });
    leaf.unlocked = 0n;
    return true;
  }),
  leafLie('the grant in an older cohort', (leaf, { settled }) => {
    const [first, last] = [leaf.cohorts[0], leaf.cohorts.at(-1)];
    if (first === undefined || last === undefined || first === last || last.end !== BigInt(settled.record.cohortEnd))
      return false;
    first.amount += last.amount;
    leaf.cohorts.pop();
    return true;
  }),
  leafLie('more cohorts than a curve may have', (leaf, { settled }) => {
    const end = BigInt(settled.record.cohortEnd) + 1n;
    leaf.cohorts = Array.from({ length: 27 }, (_, i) => ({ end: end + BigInt(i), duration: 5n, amount: 1n }));
  }),
];

export const ACCELERATION: Lie[] = [
  lie('accelerated amounts that the curve does not show', (forgery, victim) => {
    const leaf = any(forgery.leaves, victim.numbers);
    const j = victim.numbers.index(forgery.declared.accelerated.length + 1);
    if (leaf === undefined || j === forgery.declared.accelerated.length) return false;
    leaf.accelerated[j]! += 1n;
    return refitted(forgery, victim);
  }),
  lie('a newer cohort accelerated before the oldest', (forgery, victim) => {
    const { record, parent } = victim.settled;
    const ends = cohortEnds(victim);
    for (const leaf of forgery.leaves) {
      const before = [...parent.accounts].find(({ account }) => BigInt(account) === leaf.account);
      const open = (before?.curve.cohorts ?? []).filter(({ end, duration }) => end + duration > record.end);
      const [oldest, newer] = [open[0], open[1]];
      if (oldest === undefined || newer === undefined) continue;
      const [from, to] = [ends.indexOf(oldest.end), ends.indexOf(newer.end)];
      const room = newer.amount > leaf.accelerated[to]!;
      if (leaf.accelerated[from] === 0n || leaf.accelerated[from] === oldest.amount || !room) continue;
      leaf.accelerated[from]! -= 1n;
      leaf.accelerated[to]! += 1n;
      move(leaf, oldest, 1n);
      move(leaf, newer, -1n);
      return refitted(forgery, victim);
    }
    return false;
  }),
  lie('acceleration beyond the bound', (forgery, victim) => {
    const { record, parent } = victim.settled;
    const ends = cohortEnds(victim);
    for (const leaf of forgery.leaves) {
      const before = [...parent.accounts].find(({ account }) => BigInt(account) === leaf.account);
      const open = (before?.curve.cohorts ?? []).filter(({ end, duration }) => end + duration > record.end);
      const left = open.reduce((sum, { amount }) => sum + amount, 0n);
      if (left === 0n || record.accelerationBound === WAD) continue;
      let more = (left * record.accelerationBound) / WAD + 1n - leaf.accelerated.reduce((sum, part) => sum + part, 0n);
      for (const cohort of open) {
        const j = ends.indexOf(cohort.end);
        const rest = cohort.amount - leaf.accelerated[j]!;
        const part = rest < more ? rest : more;
        leaf.accelerated[j]! += part;
        leaf.unlocked += part;
        move(leaf, cohort, -part);
        more -= part;
      }
      return refitted(forgery, victim);
    }
    return false;
  }),
  lie('a newcomer accelerates a cohort he does not have', (forgery, victim) => {
    const leaf = forgery.leaves.find(({ account }) => !was(victim, account));
    if (leaf === undefined || leaf.accelerated.length === 0) return false;
    leaf.accelerated[0]! += 1n;
    leaf.unlocked += 1n;
    return refitted(forgery, victim);
  }),
];
