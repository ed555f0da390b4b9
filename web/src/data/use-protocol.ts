import type { UseQueryResult } from '@tanstack/react-query';

import type { AgreedBlock } from '../../../src/chain/agreement.ts';
import type { SettlementBook } from '../../../src/chain/settlement-book.ts';
import { finalHistory, type HistoryEpoch } from './final-history.ts';
import { readFigures, type ProtocolFigures } from './protocol-figures.ts';
import { readBook } from './read-book.ts';
import { useAtHead } from './use-head.ts';

/** Where the protocol stands and how it came there, all of it as of one block. */
export interface Protocol {
  readonly block: AgreedBlock;
  readonly figures: ProtocolFigures;
  readonly book: SettlementBook;
  /** Every final epoch, computed anew from the declarations. */
  readonly epochs: readonly HistoryEpoch[];
}

/** Reads it anew with every block, and of the past only what came since. */
export function useProtocol(): UseQueryResult<Protocol> {
  return useAtHead('protocol', [], async (deployment, block): Promise<Protocol> => {
    const [book, figures] = await Promise.all([readBook(deployment, block), readFigures(deployment.endpoints, block)]);
    return { block, figures, book, epochs: finalHistory(book, figures) };
  });
}
