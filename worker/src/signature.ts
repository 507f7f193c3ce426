/** Seconds by which the clock of a sender may differ. */
export const TOLERANCE = 300;

const encoder = new TextEncoder();
const HMAC = { name: "HMAC", hash: "SHA-256" };

/** Whether a timestamp in epoch seconds is at most five minutes from now. */
export function isRecent(timestamp: string): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(Date.now() / 1000 - +timestamp) <= TOLERANCE;
}

/**
 * Whether one of the signatures is the HMAC-SHA256 of a text; compares in constant time.
 *
 * The text is signed once, however many signatures somebody sends.
 */
export async function isSigned(
  secret: Uint8Array<ArrayBuffer>,
  text: Uint8Array<ArrayBuffer>,
  signatures: (Uint8Array<ArrayBuffer> | null)[],
): Promise<boolean> {
  const key = await crypto.subtle.importKey("raw", secret, HMAC, false, ["sign"]);
  const right = await crypto.subtle.sign(HMAC, key, text);
  return signatures.some(
    (given) => given?.length === right.byteLength && crypto.subtle.timingSafeEqual(given, right),
  );
}

/** Whether two secrets are equal; takes the same time wherever they differ. */
export async function isSame(given: string, secret: string): Promise<boolean> {
  const [a, b] = await Promise.all([digest(given), digest(secret)]);
  return crypto.subtle.timingSafeEqual(a, b);
}

/** Return `text` and the raw body behind it. */
export function signedText(text: string, body: ArrayBuffer): Uint8Array<ArrayBuffer> {
  const start = encoder.encode(text);
  const whole = new Uint8Array(start.length + body.byteLength);
  whole.set(start);
  whole.set(new Uint8Array(body), start.length);
  return whole;
}

export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(encoder.encode(text));
}

/** Return the bytes of a hexadecimal text; null if it is none. */
export function fromHex(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^([0-9a-f]{2})+$/i.test(text)) return null;
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** Return the bytes of a Base64 text; null if it is none. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}

function digest(text: string): Promise<ArrayBuffer> {
  return crypto.subtle.digest("SHA-256", encoder.encode(text));
}
