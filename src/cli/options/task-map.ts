import { optionFault } from '../errors.ts';

/** A task name of the ledger and the preset's task that it counts for. */
export type TaskMap = Readonly<Record<string, string>>;

/**
 * Reads one `from=to` after another into a map.
 *
 * @throws {InputError} `OPTION_INVALID` for another shape, for `__proto__` (a name that no JSON object carries safely), or when one
 * name is given two meanings
 */
export function taskMapOption(option: string): (text: string, before: TaskMap | undefined) => TaskMap {
  return (text, before = {}) => {
    const [from = '', to = '', ...rest] = text.split('=');
    if (from === '' || to === '' || rest.length > 0) {
      throw optionFault(option, text, "the ledger's task name, '=' and the preset's, such as corpus=data-contribution");
    }
    if (from === '__proto__' || to === '__proto__') throw optionFault(option, text, "names other than '__proto__'");
    if (Object.hasOwn(before, from) && before[from] !== to) {
      throw optionFault(
        option,
        text,
        `one meaning for '${from}', which was already mapped to '${String(before[from])}'`,
      );
    }
    return { ...before, [from]: to };
  };
}
