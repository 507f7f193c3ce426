// Judges a statement, given as JSON: the reason to refuse it as JSON, or null.
import { mustRead } from "../../worker/src/guard/reading";

export function verdict(line: string): string {
  try {
    mustRead(JSON.parse(line) as string);
    return "null";
  } catch (error) {
    return JSON.stringify((error as Error).message);
  }
}
