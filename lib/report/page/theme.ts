type Theme = 'light' | 'dark';

const storageKey = 'proofload-theme';

/** Makes the button switch between light and dark; until it is used, the reader's system decides. Calls `changed` whenever colours do. */
export function themeSwitch(button: HTMLElement, changed: () => void): void {
  const root = document.documentElement;
  const system = matchMedia('(prefers-color-scheme: dark)');
  const current = (): Theme => (root.dataset['theme'] as Theme | undefined) ?? (system.matches ? 'dark' : 'light');
  const show = (): void => {
    button.setAttribute('aria-pressed', String(current() === 'dark'));
    changed();
  };
  const stored = remembered();
  if (stored) root.dataset['theme'] = stored;
  button.addEventListener('click', () => {
    root.dataset['theme'] = current() === 'dark' ? 'light' : 'dark';
    remember(root.dataset['theme']);
    show();
  });
  system.addEventListener('change', show);
  show();
}

/** Storage may be refused, for a file as for a private window; then the choice lasts as long as the page. */
function remembered(): Theme | undefined {
  try {
    const stored = localStorage.getItem(storageKey);
    return stored === 'dark' || stored === 'light' ? stored : undefined;
  } catch {
    return undefined;
  }
}

function remember(theme: string): void {
  try {
    localStorage.setItem(storageKey, theme);
  } catch {
    // The page still shows the theme that was chosen.
  }
}
