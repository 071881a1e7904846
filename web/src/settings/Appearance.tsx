import { chooseTheme, type Theme, useTheme } from '../shell/theme.ts';
import { Segments } from '../ui/fields.tsx';

const THEMES: { value: Theme; label: string }[] = [
  { value: 'system', label: 'Same as system' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** The choice of a light or dark theme. */
export function Appearance() {
  const [, chosen] = useTheme();
  return (
    <section className="panel" id="appearance">
      <h2>Appearance</h2>
      <Segments label="Theme" options={THEMES} value={chosen} onChange={chooseTheme} />
    </section>
  );
}
