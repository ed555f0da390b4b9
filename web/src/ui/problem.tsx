import { errorWords } from '../app/error-words.ts';

/** Something that went wrong, in words: what, what to do, and a way to try again where that can help. */
export function Problem({ error, again }: { readonly error: unknown; readonly again?: () => void }) {
  const { title, next, code, canRetry } = errorWords(error);
  return (
    <div className="problem" role="alert">
      <p className="problem-title">{title}</p>
      {next === null ? null : <p>{next}</p>}
      {code === null ? null : <p className="mono faint">{code}</p>}
      {again !== undefined && canRetry ? (
        <button type="button" className="button" onClick={again}>
          Try again
        </button>
      ) : null}
    </div>
  );
}
