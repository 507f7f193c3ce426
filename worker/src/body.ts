/**
 * Return the body of a request; null if it is longer than that many bytes.
 *
 * No more than these are held. The rest is read, too: many senders only then read the answer.
 */
export async function bytesOf(request: Request, most: number): Promise<ArrayBuffer | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += part.length;
    if (length <= most) parts.push(part);
  }
  return length > most ? null : new Blob(parts).arrayBuffer();
}

/** Return the object that a body holds; null if it is no JSON object. */
export function json(body: ArrayBuffer): Record<string, unknown> | null {
  try {
    const given: unknown = JSON.parse(new TextDecoder().decode(body));
    return typeof given === "object" ? (given as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}
