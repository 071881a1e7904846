/** The product's logo and name. */
export function Brand() {
  return (
    <span className="brand">
      <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <rect width="32" height="32" rx="8" />
        <path d="M6 21.5 12.5 15l4.5 4.5L26 10.5" />
        <circle cx="26" cy="10.5" r="2.6" />
      </svg>
      Boursomatic
    </span>
  );
}
