import { z } from "zod";
import { issue } from "./reading";

/** What a message says of something that stands in a list again. */
interface Repetition {
  readonly found: string;
  readonly remedy: string;
}

/**
 * A list, not empty, that has everything once.
 *
 * @param remedy what to write instead of something else
 * @param repeated what is found where something stands again, and what to write there
 */
export function uniqueList<T>(item: z.ZodType<T>, remedy: string, repeated: Repetition): z.ZodType<T[]> {
  return z
    .array(item, { error: remedy })
    .min(1, { error: remedy })
    .superRefine((entries, context) => {
      for (const [index, entry] of entries.entries()) {
        if (entries.indexOf(entry) < index) context.issues.push(issue([index], repeated));
      }
    });
}
