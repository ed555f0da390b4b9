import { useSyncExternalStore } from 'react';

export type Theme = 'light' | 'dark';

const KEY = 'lode.theme';
const listeners = new Set<() => void>();

function preferred(): Theme {
  const kept = stored();
  if (kept !== null) return kept;
  return media.matches ? 'dark' : 'light';
}

function stored(): Theme | null {
  try {
    const text = window.localStorage.getItem(KEY);
    return text === 'light' || text === 'dark' ? text : null;
  } catch {
    // Storage can be forbidden; then the system's choice holds.
    return null;
  }
}

/** Shows the page as the visitor chose, or as the system says. */
export function applyTheme(): void {
  document.documentElement.dataset['theme'] = preferred();
}

/** One for as long as the page is open: a new list knows what has changed already, and tells it to nobody. */
const media = window.matchMedia('(prefers-color-scheme: dark)');

function subscribe(listener: () => void): () => void {
  const changed = (): void => {
    applyTheme();
    listener();
  };
  listeners.add(listener);
  media.addEventListener('change', changed);
  return () => {
    listeners.delete(listener);
    media.removeEventListener('change', changed);
  };
}

/** The theme that is shown, and a way to change it for good. */
export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore(subscribe, preferred);
  const choose = (chosen: Theme): void => {
    try {
      window.localStorage.setItem(KEY, chosen);
    } catch {
      // It then holds until the page is left.
    }
    document.documentElement.dataset['theme'] = chosen;
    for (const listener of listeners) listener();
  };
  return [theme, choose];
}
