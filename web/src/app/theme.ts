import { useSyncExternalStore } from 'react';

export type Theme = 'light' | 'dark';

const KEY = 'lode.theme';
const DARK = '(prefers-color-scheme: dark)';
const listeners = new Set<() => void>();

function preferred(): Theme {
  const kept = stored();
  if (kept !== null) return kept;
  return window.matchMedia(DARK).matches ? 'dark' : 'light';
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

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Shows other colours, whichever view is open, and tells who says which they are. */
function changed(theme: Theme): void {
  document.documentElement.dataset['theme'] = theme;
  for (const listener of listeners) listener();
}

// A list of its own: to read what a list matches tells it what has changed, and it then tells nobody.
window.matchMedia(DARK).addEventListener('change', () => changed(preferred()));

/** The theme that is shown, and a way to change it for good. */
export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const theme = useSyncExternalStore(subscribe, preferred);
  const choose = (chosen: Theme): void => {
    try {
      window.localStorage.setItem(KEY, chosen);
    } catch {
      // It then holds until the page is left.
    }
    changed(chosen);
  };
  return [theme, choose];
}
