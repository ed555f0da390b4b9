/** Bytes that keccak-256 takes in at a time. */
export const RATE = 136;

/* What is agreed with the module: where in its memory messages are put, and where their hashes come out. */

/** Where the messages stand. */
export const BUFFER_AT = 2_048;
/** Bytes of messages at a time. */
export const BUFFER = 65_536;
/** Where the hashes come out. */
export const OUTPUT_AT = BUFFER_AT + BUFFER;
