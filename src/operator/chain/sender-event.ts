/** What a sender tells. `alarm`: somebody should look. */
export type SenderEvent = { readonly alarm: boolean } & (
  | { readonly event: 'sending'; readonly what: string; readonly nonce: number; readonly value: string }
  /** It was offered once more, under the same nonce: the nodes had dropped it, or nobody included it for its price (in wei). */
  | {
      readonly event: 'offered-again';
      readonly what: string;
      readonly why: 'dropped' | 'stuck' | 'underpriced';
      readonly price: string;
      readonly nonce: number;
    }
  /** It was included, and then its block was replaced by one without it. */
  | { readonly event: 'taken-back'; readonly what: string; readonly transaction: string }
  | { readonly event: 'included'; readonly what: string; readonly transaction: string | null }
  | { readonly event: 'not-sent'; readonly what: string; readonly code: string; readonly reason: string }
  | { readonly event: 'paid'; readonly account: string; readonly amount: string }
);
