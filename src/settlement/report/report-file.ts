/** A file of a report: its path, `/` between parts, and its bytes. */
export type ReportFile = readonly [path: string, bytes: Uint8Array];

/** The files of a report by path. */
export type ReportFiles = ReadonlyMap<string, Uint8Array>;
