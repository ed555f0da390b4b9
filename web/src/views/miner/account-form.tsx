import { useId, useState, type SubmitEvent } from 'react';

import type { Address } from '../../../../src/protocol/brands.ts';
import { errorWords } from '../../app/error-words.ts';
import { readAddress } from './read-address.ts';

interface AccountFormProps {
  readonly label: string;
  readonly button: string;
  readonly initial?: string;
  readonly quiet?: boolean;
  readonly onAccount: (account: Address) => void;
}

/** Asks for an address, and says what is wrong with it. */
export function AccountForm({ label, button, initial = '', quiet = false, onAccount }: AccountFormProps) {
  const id = useId();
  const [text, setText] = useState(initial);
  const [isAsked, setAsked] = useState(initial !== '');
  const { address, error } = readAddress(text);
  const shown = isAsked ? error : null;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    setAsked(true);
    if (address !== null) onAccount(address);
  };
  return (
    <form className="account-form" onSubmit={submit} noValidate>
      <div className="field">
        <label htmlFor={id}>{label}</label>
        <input
          id={id}
          className="mono"
          value={text}
          placeholder="0x…"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          aria-invalid={shown !== null}
          aria-describedby={shown === null ? undefined : `${id}-error`}
          onChange={(event) => setText(event.target.value)}
        />
        {shown === null ? null : (
          <span id={`${id}-error`} className="field-error" role="alert">
            {errorWords(shown).title}
          </span>
        )}
      </div>
      <button type="submit" className={quiet ? 'button quiet' : 'button'}>
        {button}
      </button>
    </form>
  );
}
