import { plainLine, plainText } from '../format/plain-text.ts';
import './plain.css';

interface PlainProps {
  readonly text: string;
  /** More characters are left out. */
  readonly most?: number;
}

/** Words that anybody may have written, made harmless and set apart from the text around them. */
export function Plain({ text, most }: PlainProps) {
  return <bdi className="plain">{plainText(text, most)}</bdi>;
}

/** The same where there is a line alone. */
export function PlainLine({ text, most }: PlainProps) {
  return <bdi className="plain">{plainLine(text, most)}</bdi>;
}
