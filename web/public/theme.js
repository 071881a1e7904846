// Runs before the first paint, so that the page does not flash in the wrong theme. It is a file of its own because the
// content security policy forbids inline scripts.
try {
  const theme = localStorage.getItem('boursomatic.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Browsers may forbid storage. The page then follows the system's theme.
}
