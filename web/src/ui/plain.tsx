import './plain.css';

const LONGEST = 4000;

/**
 * Words that anybody may have written: nothing in them turns the direction of the text or hides in it, and they are not endless.
 * Lines stay lines.
 */
export function plainText(text: string): string {
  const shown = text.replaceAll(/[\p{Cc}\p{Co}\p{Cn}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, (one) =>
    one === '\n' ? one : '\ufffd',
  );
  return shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
}

/** The same, set apart from the text around it. */
export function Plain({ text }: { readonly text: string }) {
  return <bdi className="plain">{plainText(text)}</bdi>;
}
