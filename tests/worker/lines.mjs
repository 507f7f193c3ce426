// Answers each line of the standard input with one line, as it comes.
import { timingSafeEqual } from "node:crypto";
import { createInterface } from "node:readline";
import { answer } from "./bundle.mjs";

// A Worker has it here, Node elsewhere.
crypto.subtle.timingSafeEqual = (a, b) =>
  timingSafeEqual(new Uint8Array(a), new Uint8Array(b));

for await (const line of createInterface({ input: process.stdin })) {
  console.log(JSON.stringify(await answer(JSON.parse(line))));
}
