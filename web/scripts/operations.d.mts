/** What the client asks, by the SHA-256 of the text that it sends. */
export function operations(): Record<string, string>;
