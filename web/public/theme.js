// Before the first paint, so that a chosen theme does not flash the other one. A file of its own, because the policy
// lets no script run that is written into the page.
try {
  const theme = localStorage.getItem('boursomatic.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden: the system's theme it is.
}
