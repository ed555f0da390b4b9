import type {
  DaySteps,
  EpochExplanations,
  ExplainedAccount,
  FactorStep,
  RowSteps,
  TaskTotal,
} from '../policy/score-steps.ts';
import type { Json } from './canonical-json.ts';
import { canonicalBytes } from './canonical-json.ts';
import { explanationPath, prefixOf } from './prefix.ts';

export const EXPLANATIONS_FORMAT = 'lode-explanations-v1';

/** Bytes of one such file at most: half of what a reader takes from a stranger, so that no report is made unreadable by them. */
export const MOST_EXPLANATION_BYTES = 32 * 1024 * 1024;

/**
 * The explanations of an epoch as files, sharded as its leaves are: an address has the same number in both. Of a row there stand only
 * its id, time, task, measure and units; attributes of the ledger do not leave it. None at all where one would be larger than
 * {@link MOST_EXPLANATION_BYTES}, which everybody finds alike who computes the epoch anew.
 *
 * @param bits how many bits of the address name a shard
 */
export function explanationFiles(
  epoch: number,
  bits: number,
  { decimals, accounts }: EpochExplanations,
): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (let first = 0; first < accounts.length;) {
    const prefix = prefixOf(accounts[first]?.account ?? '', bits);
    let end = first + 1;
    while (end < accounts.length && prefixOf(accounts[end]?.account ?? '', bits) === prefix) end++;
    const head = { format: EXPLANATIONS_FORMAT, epoch, prefix, prefixBits: bits };
    const bytes = canonicalBytes({ ...head, ...explanationsJson({ decimals, accounts: accounts.slice(first, end) }) });
    if (bytes.length > MOST_EXPLANATION_BYTES) return new Map();
    files.set(explanationPath(prefix, bits), bytes);
    first = end;
  }
  return files;
}

/** Explanations as they are written: what is said of them in {@link explanationFiles}. */
export function explanationsJson({ decimals, accounts }: EpochExplanations) {
  return { decimals, accounts: accounts.map(accountJson) };
}

function accountJson({ account, steps: { rows, days, tasks, eligibility } }: ExplainedAccount): Json {
  return {
    account,
    rows: rows.map(rowJson),
    days: days.map(dayJson),
    tasks: tasks.map(taskJson),
    eligibility: eligibility === null ? null : { ...eligibility },
  };
}

function rowJson({ contribution: { id, time, task: name, measure, units }, ...row }: RowSteps): Json {
  const { task, counted, earned, factors, after } = row;
  const contribution = { id, time, task: name, measure, units };
  return { contribution, task, counted, earned, factors: factors.map(factorJson), after };
}

function dayJson({ task, day, earned, capped, factors, kept }: DaySteps): Json {
  return { task, day, earned, capped, factors: factors.map(factorJson), kept };
}

function taskJson({ task, days, uses, usagePoints, factors, total, score }: TaskTotal): Json {
  return { task, days, uses, usagePoints, factors: factors.map(factorJson), total, score };
}

function factorJson({ kind, name, numerator, denominator, count, of, isListed, held }: FactorStep): Json {
  return {
    ...{ kind, numerator, denominator },
    ...(name === undefined ? {} : { name }),
    ...(count === undefined ? {} : { count }),
    ...(of === undefined ? {} : { of }),
    ...(isListed === undefined ? {} : { isListed }),
    ...(held === undefined ? {} : { held }),
  };
}
