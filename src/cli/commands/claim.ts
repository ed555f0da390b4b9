import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';

import type { Command } from 'commander';

import type { Job } from '../../claims/payment-job.ts';
import type { Address } from '../../protocol/brands.ts';
import { InputError, MissingError } from '../../protocol/errors.ts';
import type { MinerFlags, MinerSession } from '../claims/session.ts';
import { addMinerOptions, withMinerSession } from '../claims/session.ts';
import type { Payments } from '../claims/pay.ts';
import { optionFault } from '../errors.ts';
import { EXIT } from '../exit-codes.ts';
import type { CommandContext, Io } from '../io.ts';
import { accountOption, accountsOption } from '../options/account.ts';
import { inputFile } from '../options/input-file.ts';
import { decimalOption, durationOption } from '../options/quantities.ts';
import { addKeyOptions } from '../options/signer.ts';
import { MAX_EPOCH, wholeNumberOption } from '../options/whole-number.ts';
import { jsonDocument } from '../output/json-document.ts';

interface ClaimFlags extends MinerFlags {
  readonly reports?: readonly string[];
  readonly account?: readonly Address[];
  readonly epoch?: number;
  readonly to?: Address;
  readonly atLeast: bigint;
  readonly sign?: true;
  readonly validFor: number;
  readonly out?: string;
  readonly sponsor?: string;
  readonly dryRun?: true;
  readonly yes?: true;
}

const DESCRIPTION =
  'Has accounts paid what is theirs, rewards and units. Anyone may send it, for as many accounts as he likes: each is paid itself, or the recipient that it chose. With --sign an account without coins signs instead, and with --sponsor somebody else sends what was signed.';

/** A larger file of claims is not read, in bytes; some 10,000 claims with all that they can have. */
const LARGEST = 64 * 1024 * 1024;

/** `lode claim`: accounts are paid. */
export function addClaim(program: Command, context: CommandContext): void {
  const { io } = context;
  const command = program.command('claim').summary('have accounts paid what is theirs').description(DESCRIPTION);
  addKeyOptions(addMinerOptions(command))
    .option('--reports <places...>', 'where reports are published: folders, addresses, gateways (…/ipfs)')
    .option('--account <addresses...>', "whose claims; without it the sender's", accountsOption('--account'))
    .option('--epoch <n>', 'by which epoch; without it the newest', wholeNumberOption('--epoch', 0, MAX_EPOCH))
    .option('--to <address>', 'pay another address; only the account itself can say so', accountOption('--to'))
    .option('--at-least <tokens>', 'leave out what would pay less', decimalOption('--at-least'), 0n)
    .option('--sign', 'send nothing, and sign what somebody else may send: one line for each claim')
    .option('--valid-for <duration>', 'with --sign: how long it may be sent', durationOption('--valid-for'), 604_800)
    .option('--out <file>', 'send nothing, and write the lines there; without --sign they pay the account itself')
    .option('--sponsor <file>', 'send the claims of such lines')
    .option('--dry-run', 'show what would be sent or signed, try it out, and do neither')
    .option('--yes', 'send or sign without asking')
    .option('--json', 'print one JSON document on stdout')
    .action(async (flags: ClaimFlags) => {
      checkFlags(flags);
      const asked = await askedFor(flags, io);
      const isQuiet = flags.dryRun === true || (flags.out !== undefined && flags.sign === undefined);
      await withMinerSession(flags, io, { sends: !isQuiet }, async (session) => {
        if (asked.kind === 'sponsor') {
          const { sponsoringJobs } = await import('../../claims/sponsoring.ts');
          await payAndTell(session, flags, context, await sponsoringJobs(session.endpoints[0].connection, asked.text));
          return;
        }
        const { findClaims } = await import('../../claims/find-claims.ts');
        const accounts = flags.account ?? ownAccount(session);
        const found = await findClaims(session, { accounts, places: asked.places, epoch: flags.epoch });
        if (flags.sign !== undefined || flags.out !== undefined) {
          const { signClaims, unsignedLines } = await import('../claims/signing.ts');
          const { to = null, validFor, yes = false } = flags;
          const signed = flags.sign === undefined ? null : await signClaims(session, found, { to, validFor, yes });
          const lines = signed?.flatMap(({ line }) => (line === null ? [] : [line])) ?? unsignedLines(session, found);
          await deliver(lines, signed, flags, io);
          return;
        }
        const { claimingJobs } = await import('../claims/claiming.ts');
        await payAndTell(session, flags, context, claimingJobs(session, found, flags.to ?? null));
      });
    });
}

/** @throws {InputError} `OPTION_INVALID` for options that do not go together */
function checkFlags({ sponsor, sign, to, account, reports, out }: ClaimFlags): void {
  const misplaced = (option: string, rule: string): InputError =>
    new InputError({ code: 'OPTION_INVALID', shortMessage: `${option} ${rule}`, details: { option } });
  if (sponsor !== undefined) {
    const others = { '--sign': sign, '--to': to, '--account': account, '--reports': reports, '--out': out };
    const [found] = Object.entries(others).find(([, given]) => given !== undefined) ?? [];
    if (found !== undefined) throw misplaced(found, 'does not go with --sponsor: the lines of its file say all of it');
  }
  if (out !== undefined && sign === undefined && to !== undefined) {
    throw misplaced('--to', 'takes the signature of the account: give --sign');
  }
}

async function askedFor({ sponsor, reports }: ClaimFlags, { cwd }: Io) {
  if (sponsor !== undefined) {
    const path = await inputFile('--sponsor', sponsor, cwd);
    const { size } = await stat(path);
    if (size > LARGEST)
      throw optionFault('--sponsor', sponsor, `a file of at most ${LARGEST} bytes: send a part of it`);
    return { kind: 'sponsor', text: await readFile(path, 'utf8') } as const;
  }
  if (reports === undefined) {
    throw new MissingError({
      code: 'REPORTS_MISSING',
      shortMessage: 'no place was named where the reports are published',
      details: { next: 'give --reports with a folder, an address or a gateway' },
    });
  }
  const { parseReportPlace } = await import('../../store/parse-report-place.ts');
  return { kind: 'claim', places: reports.map((place) => parseReportPlace(place, cwd)) } as const;
}

function ownAccount({ sender }: MinerSession): readonly Address[] {
  if (sender.account !== null) return [sender.account];
  throw new MissingError({
    code: 'ACCOUNT_MISSING',
    shortMessage: 'nobody was named to be paid',
    details: { next: 'give --account, or a key by --keystore' },
  });
}

async function payAndTell(
  session: MinerSession,
  flags: ClaimFlags,
  { io, setExitCode }: CommandContext,
  jobs: readonly Job[],
): Promise<void> {
  const { pay } = await import('../claims/pay.ts');
  const { paymentsText } = await import('../output/payments-text.ts');
  const { describeError } = await import('../report-error.ts');
  const { symbol, sender } = session;
  const payments = await pay(session, jobs, {
    yes: flags.yes === true,
    atLeast: flags.atLeast,
    show: (planned) => {
      if (sender.signer !== null) io.err(paymentsText(planned, symbol));
    },
  });
  const stopped = payments.stopped === null ? null : describeError(payments.stopped);
  const document = { account: sender.account, token: symbol, ...payments, stopped };
  io.out(flags.json === true ? jsonDocument(document) : paymentsText(payments, symbol));
  if (stopped !== null) io.err(`lode: ${stopped.message}\n  next: ${stopped.next}\n`);
  setExitCode(stopped?.exitCode ?? exitCodeOf(payments));
}

/** A line that can never be sent is a fault of the file; what the chain refuses is its present state. */
function exitCodeOf({ outcomes }: Payments) {
  const refused = outcomes.filter(({ state }) => state === 'refused');
  if (refused.some(({ code }) => code === 'CLAIM_LINE_INVALID' || code === 'CLAIM_ELSEWHERE')) return EXIT.input;
  return refused.length > 0 ? EXIT.refused : EXIT.ok;
}

async function deliver(lines: readonly string[], signed: unknown, { out, json }: ClaimFlags, io: Io): Promise<void> {
  const text = lines.map((line) => `${line}\n`).join('');
  const path = out === undefined ? null : resolve(io.cwd, out);
  if (path !== null && lines.length > 0) {
    const { writeWhole } = await import('../../store/write-whole.ts');
    await writeWhole(path, new TextEncoder().encode(text));
  }
  if (json === true)
    io.out(jsonDocument({ file: path, signed, lines: lines.map((line): unknown => JSON.parse(line)) }));
  else if (path === null) io.out(text);
  else io.out(`${lines.length} written to ${path}: lode claim --sponsor ${path}\n`);
}
