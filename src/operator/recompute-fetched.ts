import type { AddressBook } from '../chain/address-book.ts';
import { InputError } from '../protocol/errors.ts';
import type { CutFile } from '../store/recompute-from-cuts.ts';
import { CUT_ROLES, recomputeFromCuts } from '../store/recompute-from-cuts.ts';
import { DisjointCuts } from './ledger/disjoint-cuts.ts';
import type { FetchedSources, Recomputed, RecomputeRequest } from './verify-from-chain.ts';

/** The contracts that can earn nothing. */
interface Deployment {
  readonly contracts: Pick<AddressBook['contracts'], 'token' | 'vault' | 'reserve' | 'distributor'>;
}

/**
 * Recomputes epochs of a deployment from what was fetched of them, as their operator did: the cuts of all epochs so far, by the preset
 * and the changes that the epoch's own report names. They are to be asked for in their order: cuts that keep to the rule are not read
 * again for each later epoch, and what does not is read whole.
 *
 * @throws {InputError} `INPUT_ROLE_MISSING`, and what `recomputeFromCuts` throws
 */
export function recomputeFetched({ contracts }: Deployment) {
  const { token, vault, reserve, distributor } = contracts;
  const disjoint = new DisjointCuts();
  return async ({ epoch, parent, parentManifest, sources, explanations }: RecomputeRequest): Promise<Recomputed> => {
    const own = sources.at(-1);
    const [preset, changes] = [pathOf(own, 'preset'), pathOf(own, 'changes')];
    if (own === undefined || preset === null) {
      throw new InputError({
        code: 'INPUT_ROLE_MISSING',
        shortMessage: `the report of epoch ${epoch.epoch} names no preset among its inputs`,
        details: { epoch: epoch.epoch, role: 'preset' },
      });
    }
    const cuts = sources.flatMap(({ inputs }, of): CutFile[] =>
      CUT_ROLES.flatMap((role) =>
        inputs.filter((input) => input.role === role).map(({ path }) => ({ epoch: of, role, path })),
      ),
    );
    const { start, end } = epoch.record;
    for (let of = disjoint.epochs; of < sources.length; of++) {
      const back = (epoch.epoch - of) * (end - start);
      const files = cuts.filter((file) => file.epoch === of);
      await disjoint.add(files, { start: start - back, end: end - back });
    }
    const { areDisjoint } = disjoint;
    const source = {
      ...{ cuts, areDisjoint, preset, changes, variant: own.variant, map: own.map, explanations },
      contracts: [token, vault, reserve, distributor],
    };
    return await recomputeFromCuts(source, { record: epoch.record, parent, parentManifest });
  };
}

function pathOf(sources: FetchedSources | undefined, role: string): string | null {
  return sources?.inputs.find((input) => input.role === role)?.path ?? null;
}
