// Judges statements: a line of JSON for each, and a line for each reason to refuse it, or null.
import { mustRead } from "../../worker/src/guard/reading";

export function verdicts(lines: string): string {
  return lines.split("\n").map(verdict).join("\n");
}

function verdict(line: string): string {
  try {
    mustRead(JSON.parse(line) as string);
    return "null";
  } catch (error) {
    return JSON.stringify((error as Error).message);
  }
}
