import { z } from "zod";
import { issue } from "./reading";

/**
 * The address of a server: http or https, no path, no user; a slash at its end is left out.
 *
 * @param remedy what to write instead of something else
 */
export function addressSchema(remedy: string): z.ZodType<string> {
  return z.string({ error: remedy }).transform((text, context) => {
    if (URL.parse(text) !== null && /^https?:\/\/[^\s/?#@]+\/?$/i.test(text)) return text.replace(/\/$/, "");
    context.issues.push(issue([], { remedy, found: "a text that is no such address" }));
    return z.NEVER;
  });
}
