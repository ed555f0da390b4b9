import { packedEntries } from './content.ts';
import { digestOf, packedTree } from './packed-tree.ts';

/** What the worker answers. */
export interface BrowserTree {
  readonly milliseconds: number;
  readonly content: string;
  readonly proof: number;
}

// Its name says how many leaves; what is posted to a worker that still loads would be lost.
declare const self: { readonly name: string; postMessage(answer: BrowserTree): void };

const packed = packedEntries(Number(self.name));
const start = performance.now();
const built = packedTree(packed);
const milliseconds = performance.now() - start;
self.postMessage({ milliseconds, content: digestOf(built), proof: built.proof });
