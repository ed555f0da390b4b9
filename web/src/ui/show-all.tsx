import { grouped } from '../../../src/protocol/tokens.ts';

interface ShowAllProps {
  readonly shown: number;
  readonly of: number;
  readonly onClick: () => void;
}

/** Below the first rows of a long table, what shows the rest of them; nothing where all are shown. */
export function ShowAll({ shown, of, onClick }: ShowAllProps) {
  if (shown >= of) return null;
  return (
    <div>
      <button type="button" className="button quiet" onClick={onClick}>
        Show all {grouped(of)}
      </button>
    </div>
  );
}
