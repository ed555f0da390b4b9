/** What an engine process is asked. */
export type EngineRequest =
  /** For a session that begins: nothing of the one before is left. */
  | { readonly id: number; readonly kind: 'open'; readonly profile: Readonly<Record<string, string>> }
  | {
      readonly id: number;
      readonly kind: 'run';
      readonly sql: string;
      readonly settings: Readonly<Record<string, string>>;
      /** Where the rows of an INSERT lie; null for any other statement. */
      readonly parquet: string | null;
    };

/** What it answers; the first answer, of the number 0, says that it is ready. */
export type EngineAnswer =
  { readonly id: number; readonly bytes: Uint8Array } | { readonly id: number; readonly error: string };
