// Judges a statement: the reason to refuse it, or null.
import { mustRead } from "../../worker/src/guard/reading";

export function answer(sql: string): string | null {
  try {
    mustRead(sql);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
}
