/** By which codes the system says that a name stands for nothing, also where something above it is no folder. */
export const NOTHING_THERE: readonly string[] = ['ENOENT', 'ENOTDIR'];

/** The code by which the system says what is wrong, such as `ENOENT`; `''` for what has none. */
export function systemCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** What is read of a file or folder; null where there is none, by the codes given. Anything else that is wrong with it is thrown. */
export async function ifThere<T>(reading: Promise<T>, codes: readonly string[] = ['ENOENT']): Promise<T | null> {
  return await reading.catch((error: unknown) => {
    if (codes.includes(systemCode(error))) return null;
    throw error;
  });
}
