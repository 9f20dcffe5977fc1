// browserOf makes a name that people recognise of what a browser says it is:
// "Firefox · Linux". Null when it is nothing we know.
export function browserOf(userAgent: string): string | null {
  const browser = first(userAgent, browsers);
  const system = first(userAgent, systems);
  const parts = [browser, system].filter((part) => part !== null);
  return parts.length === 0 ? null : parts.join(' · ');
}

// In this order: most browsers also say that they are another one.
const browsers: [RegExp, string][] = [
  [/\bEdgA?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bFirefox\/|\bFxiOS\//, 'Firefox'],
  [/\b(Headless)?Chrome\/|\bCriOS\/|\bChromium\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];

const systems: [RegExp, string][] = [
  [/\bAndroid\b/, 'Android'],
  [/\biPhone\b|\biPad\b/, 'iOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

function first(userAgent: string, known: [RegExp, string][]): string | null {
  return known.find(([pattern]) => pattern.test(userAgent))?.[1] ?? null;
}
