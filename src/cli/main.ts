import { EXIT } from './exit-codes.ts';
import { flushed, processIo } from './io.ts';
import { reportUnwritten } from './report-error.ts';
import { run } from './run.ts';
import { tellStop } from './stop.ts';

const io = processIo();

/** From a terminal, and from a process in between, the same signal comes twice. */
let isStopping = false;

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // What only runs until it is told to end has done its work.
    if (isStopping || tellStop()) return;
    isStopping = true;
    io.err('\nlode: stopped\n');
    void flushed().then(() => process.exit(signal === 'SIGINT' ? EXIT.interrupted : EXIT.terminated));
  });
}

const exitCode = await run(process.argv.slice(2), io);
await flushed();
const failure = io.outFailure();
if (failure !== null) {
  reportUnwritten(failure, io);
  await flushed();
}
// A database or a socket that is still open must not keep the command from ending.
process.exit(failure === null ? exitCode : EXIT.retry);
