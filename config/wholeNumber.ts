import { z } from "zod";

/**
 * A whole number within bounds. Pulumi gives single values as text and those inside maps as they are, so both
 * forms are taken.
 *
 * @param unit what is counted, such as "seconds"
 */
export function wholeNumber(least: number, most: number, unit = ""): z.ZodType<number> {
  const remedy = `a whole number${unit && ` of ${unit}`} from ${least} to ${most}`;
  return z
    .union(
      [
        z.number(),
        z
          .string()
          .regex(/^\d{1,9}$/)
          .transform(Number),
      ],
      { error: remedy },
    )
    .refine((value) => Number.isInteger(value) && value >= least && value <= most, { error: remedy });
}
