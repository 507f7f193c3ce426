// Answers each line of the standard input with one line, as it comes.
import { createInterface } from "node:readline";
import { verdict } from "./guard.bundle.mjs";

for await (const line of createInterface({ input: process.stdin })) {
  console.log(verdict(line));
}
