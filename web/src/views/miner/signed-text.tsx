import { useId, useState, type ReactNode } from 'react';

import { download } from '../../format/download.ts';
import { CopyButton } from '../../ui/copy-button.tsx';

const DAY = 86_400;
const LASTS = [1, 7, 30] as const;

interface ValidForProps {
  readonly days: number;
  readonly change: (days: number) => void;
}

/** For how long something that is signed can be sent. */
export function ValidFor({ days, change }: ValidForProps) {
  const id = useId();
  return (
    <div className="field valid-for">
      <label htmlFor={id}>It can be sent for</label>
      <select id={id} value={days} onChange={({ target }) => change(Number(target.value))}>
        {LASTS.map((count) => (
          <option key={count} value={count}>
            {count === 1 ? 'a day' : `${count} days`}
          </option>
        ))}
      </select>
    </div>
  );
}

/** How many days something can be sent that is signed, and the same in seconds. */
export function useValidFor(): readonly [days: number, change: (days: number) => void, seconds: number] {
  const [days, change] = useState<number>(LASTS[1]);
  return [days, change, days * DAY];
}

interface SignedTextProps {
  /** One line of JSON. */
  readonly text: string;
  readonly fileName: string;
  readonly children: ReactNode;
}

/** What was signed, to be handed on to whoever sends it. */
export function SignedText({ text, fileName, children }: SignedTextProps) {
  const id = useId();
  return (
    <div className="signed-text" role="status">
      <p>{children}</p>
      <div className="field">
        <label htmlFor={id}>
          Signed, for whoever sends it <CopyButton text={text} what="signed text" />
        </label>
        <textarea id={id} className="mono" rows={4} readOnly value={text} spellCheck={false} />
      </div>
      <div>
        <button
          type="button"
          className="button quiet"
          onClick={() => download(fileName, `${text}\n`, 'application/x-ndjson')}
        >
          Save it as a file
        </button>
      </div>
    </div>
  );
}
