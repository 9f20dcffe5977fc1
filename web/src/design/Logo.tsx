// Logo is a piece of cloth: two threads over and under two others.
export function Logo() {
  return (
    <svg viewBox="0 0 32 32" fill="none" strokeWidth="5" aria-hidden="true" focusable="false">
      <path className="logo-warp" d="M10 2v5M10 15v15M22 2v15M22 25v5" />
      <path className="logo-weft" d="M2 11h16M26 11h4M2 21h3M14 21h16" />
    </svg>
  );
}
