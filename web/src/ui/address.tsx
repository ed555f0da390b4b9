import { shortAddress } from '../format/short-address.ts';
import { CopyButton } from './copy-button.tsx';

/** An address, hash or content id, shortened; the whole of it on hover and to copy. */
export function Short({ text, what = 'address' }: { readonly text: string; readonly what?: string }) {
  return (
    <span className="short">
      <span className="mono" title={text}>
        {shortAddress(text)}
      </span>
      <CopyButton text={text} what={what} />
    </span>
  );
}
