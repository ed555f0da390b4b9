import { tokens } from '../../../src/protocol/tokens.ts';
import { useDeployment } from '../data/deployment-context.ts';
import { tokenText } from '../format/token-text.ts';

const WEI_DIGITS = 18;

/** Wei as tokens: grouped and cut to two places; all eighteen on hover, on focus, and for a screen reader that asks. */
export function Amount({ wei, unit = true }: { readonly wei: bigint; readonly unit?: boolean }) {
  const { symbol } = useDeployment();
  return (
    <data className="amount" value={wei.toString()} title={`${tokens(wei, WEI_DIGITS)} ${symbol}`}>
      {tokenText(wei)}
      {unit ? <span className="unit"> {symbol}</span> : null}
    </data>
  );
}
