/** What is told when the process is asked to end; null: nobody waits for it, so that it just ends. */
let stop: (() => void) | null = null;

/** Waits until the process is asked to end (Ctrl-C, SIGTERM), for what has something to put away first. */
export async function untilStopped(): Promise<void> {
  await new Promise<void>((resolve) => {
    // A promise alone keeps no process alive.
    const keeping = setInterval(() => undefined, 60_000);
    stop = () => {
      clearInterval(keeping);
      resolve();
    };
  });
}

/** Tells whoever waits in {@link untilStopped}; false when nobody does. */
export function tellStop(): boolean {
  const told = stop;
  stop = null;
  told?.();
  return told !== null;
}
