/** The style sheet of the documentation page. It follows the light or dark mode of the reader's system. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: light-dark(#1b1f24, #e3e6ea);
  --quiet: light-dark(#5a6370, #9aa4b1);
  --paper: light-dark(#ffffff, #15181c);
  --panel: light-dark(#f4f6f8, #1d2126);
  --line: light-dark(#d5dae0, #343a42);
  --link: light-dark(#0b57b0, #8ab8f5);
}
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body {
  display: grid;
  grid-template: "header header" auto "nav main" 1fr / 17rem minmax(0, 1fr);
  gap: 0 2.5rem;
  max-width: 84rem;
  margin: 0 auto;
  padding: 1.5rem;
  color: var(--ink);
  background: var(--paper);
  font: 1rem/1.55 system-ui, sans-serif;
}
header { grid-area: header; }
main { grid-area: main; }
nav {
  grid-area: nav;
  position: sticky;
  top: 0;
  max-height: 100vh;
  overflow-y: auto;
  padding-bottom: 2rem;
  font-size: 0.9rem;
}
h1, h2, h3, h4 { line-height: 1.25; }
h2 { margin-top: 2.5rem; text-transform: capitalize; }
h3 { margin-bottom: 0.3rem; }
h3 a { color: inherit; text-decoration: none; }
h3 a:hover { text-decoration: underline; }
h4 { margin: 1rem 0 0.3rem; }
nav h2 { margin: 1rem 0 0.2rem; font-size: 1rem; }
nav ul { margin: 0; padding: 0; list-style: none; }
nav li { padding: 0.1rem 0; }
a { color: var(--link); }
a:focus-visible, main:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -99rem; }
.skip:focus { left: 1rem; top: 0.5rem; padding: 0.5rem 1rem; background: var(--panel); }
small { color: var(--quiet); font-weight: normal; }
code { font: 0.9em/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
article { padding-bottom: 1.5rem; border-bottom: 1px solid var(--line); }
.request { margin: 0.2rem 0 0.6rem; padding: 0.4rem 0.7rem; background: var(--panel); border-radius: 0.3rem; }
.request b { display: inline-block; min-width: 4rem; }
.get { color: light-dark(#0a6b3d, #6fd3a2); }
.post, .put, .patch { color: light-dark(#8a4b00, #f0b55f); }
.delete { color: light-dark(#a3182a, #f58f9b); }
table { width: 100%; margin: 0.3rem 0; border-collapse: collapse; font-size: 0.92rem; }
th, td { padding: 0.35rem 0.6rem; border: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { background: var(--panel); }
tbody th { font-weight: normal; }
td table { margin-top: 0.5rem; }
@media (max-width: 56rem) {
  body { display: block; padding: 1rem; }
  nav { position: static; max-height: none; }
  table { display: block; overflow-x: auto; }
}
`;
