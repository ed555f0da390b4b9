import type { AgreedBlock } from '../../chain/agreement.ts';
import { moment } from '../../chain/moment.ts';
import type { AccountClaims, FoundClaims, Released } from '../../claims/find-claims.ts';
import { sumOf } from '../../claims/find-claims.ts';
import { table } from './table.ts';
import { grouped, tokens } from '../../protocol/tokens.ts';

/** What accounts can claim, and on whose word of the chain. */
export interface ClaimableDocument extends FoundClaims {
  readonly block: AgreedBlock;
  /** The nodes that say so. */
  readonly endpoints: readonly string[];
  /** The token's symbol. */
  readonly token: string;
}

/** Places behind the point that people are shown; `--json` has all of them. */
const DIGITS = 6;

/** What accounts can claim, in words. */
export function claimableText({ block, token, tree, accounts }: ClaimableDocument): string {
  const at = `in block ${grouped(block.number)} of ${moment(block.time)}`;
  const title =
    tree === null
      ? `no epoch is final ${at}: there are no rewards yet\n`
      : `${token} after epoch ${tree.epoch}, proven against its root on chain ${at}\n`;
  const rows = accounts.flatMap((one) => [
    ...(one.rewards === null ? [] : [row(one, 'rewards', one.rewards)]),
    ...(one.units === null
      ? []
      : [row(one, one.units.count === 1n ? '1 unit' : `${one.units.count} units`, one.units)]),
  ]);
  const right = (column: string) => ({ title: column, align: 'right' as const });
  const columns = [{ title: 'account' }, { title: 'from' }, ...['claimable', 'claimed', 'locked'].map(right), { title: 'all free from' }]; // prettier-ignore
  const total = sumOf(accounts, 'rewards') + sumOf(accounts, 'units');
  const more = accounts.length > 1 ? `\n${tokens(total, DIGITS)} ${token} can be claimed in all\n` : '';
  return [title, rows.length === 0 ? '' : `\n${table(columns, rows)}${more}`, ...notes(accounts)].join('');
}

/** The same for programs: the claims themselves are `lode claim --dry-run`'s. */
export function claimableDocument({ accounts, ...facts }: ClaimableDocument) {
  const shown = accounts.map(({ claim, shard: _, ...one }) => ({ ...one, leaf: claim?.index ?? null }));
  const total = { rewards: sumOf(accounts, 'rewards'), units: sumOf(accounts, 'units') };
  return { ...facts, accounts: shown, claimable: total };
}

function row({ account }: AccountClaims, from: string, { claimable, claimed, locked, freeFrom }: Released): string[] {
  const free = locked === 0n ? 'now' : moment(freeFrom);
  return [account, from, ...[claimable, claimed, locked].map((amount) => tokens(amount, DIGITS)), free];
}

function notes(accounts: readonly AccountClaims[]): string[] {
  return accounts.flatMap(({ account, claim, from, recipient, nextRecipient }) => [
    ...(claim === null && from !== null
      ? [`\n${account} has no leaf: it never earned anything up to then, as the leaves beside its place show\n`]
      : []),
    ...(recipient === account ? [] : [`\n${account} has its rewards paid to ${recipient}\n`]),
    ...(nextRecipient === null
      ? []
      : [`\n${account} will have its rewards paid to ${nextRecipient.to} from ${moment(nextRecipient.from)} on\n`]),
  ]);
}
