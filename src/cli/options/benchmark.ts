import { InputError } from '../../protocol/errors.ts';
import { WAD } from '../../protocol/fixed-point.ts';
import { formatWad, parseRatio } from '../../settlement/preset/decimals.ts';
import type { Benchmark } from '../../simulation/fit-law.ts';
import { optionFault } from '../errors.ts';

const EXPECTED = "participants, '=' and the part withheld, such as 100=70%, 100=0.7, 1000=7/600 or 1000=1.16666…%";
/** More than the law takes for C. */
const MAX_PARTICIPANTS = 1_000_000_000_000;
const PLACES = 18;

/**
 * Reads one `participants=withheld` after another. A dot of three behind the digits repeats the last one of them: `1.16…%` is
 * 1.16666666666666666 %.
 *
 * @throws {InputError} `OPTION_INVALID`
 */
export function benchmarkArgument(text: string, before: readonly Benchmark[] | undefined): readonly Benchmark[] {
  const [, participants = '', written = ''] = /^(\d{1,13})=([^=]+)$/.exec(text) ?? [];
  const withheld = parseRatio(repeated(written));
  if (withheld === undefined || Number(participants) > MAX_PARTICIPANTS)
    throw optionFault('<points...>', text, EXPECTED);
  if (withheld <= 0n || withheld >= WAD) throw outside(text, participants, written, withheld);
  return [...(before ?? []), { participants: Number(participants), withheld }];
}

/** 95 is 9,500 %, and whoever wrote it meant 95 %. */
function outside(text: string, participants: string, written: string, withheld: bigint): InputError {
  const isPercentMeant = !/[%/]/.test(written) && withheld > WAD && withheld < 100n * WAD;
  return new InputError({
    code: 'OPTION_INVALID',
    shortMessage: `'${text}' withholds ${formatWad(withheld * 100n)} %, but a part lies between 0 and 100 %, both excluded`,
    details: {
      option: '<points...>',
      given: text,
      expected: EXPECTED,
      ...(isPercentMeant ? { hint: `for ${written} percent write ${participants}=${written}%` } : {}),
    },
  });
}

function repeated(text: string): string {
  const match = /^(\d+\.\d*?)(\d)(?:…|\.\.\.)( ?%)?$/.exec(text);
  if (match === null) return text;
  const [, digits = '', last = '', sign = ''] = match;
  const places = PLACES - (sign === '' ? 0 : 2) - (digits.length - digits.indexOf('.') - 1);
  return `${digits}${last.repeat(Math.max(1, places))}${sign}`;
}
