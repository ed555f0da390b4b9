/** What a request is answered when it is not taken. */
export interface FaultWords {
  readonly message: string;
  /** What to do now. */
  readonly next: string;
  readonly details?: Readonly<Record<string, string | number>>;
  /** After how many seconds the same request may be taken. */
  readonly retryAfter?: number;
}

/** A request that is not taken: the status, code and words of its answer. It ends no command: its sender reads it. */
export class RequestFault extends Error {
  override readonly name: string = 'RequestFault';
  readonly status: number;
  readonly code: string;
  readonly words: FaultWords;

  constructor(status: number, code: string, words: FaultWords) {
    super(`${code}: ${words.message}`);
    this.status = status;
    this.code = code;
    this.words = words;
  }
}
