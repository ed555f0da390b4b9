import type {
  PublishedVerification,
  VerificationProgress,
  VerifyPublishedOptions,
} from '../../../src/store/verify-published.ts';

/** What the page asks the worker for. */
export type VerifyRequest = Pick<VerifyPublishedOptions, 'declared' | 'places'>;

/** What the worker says. */
export type VerifyAnswer =
  | { readonly kind: 'progress'; readonly progress: VerificationProgress }
  | { readonly kind: 'done'; readonly verification: PublishedVerification; readonly milliseconds: number }
  | { readonly kind: 'failed'; readonly reason: string };
