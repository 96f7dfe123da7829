import type { z } from "zod";
import { badRequest } from "../errors";

/** Arguments checked by a schema, or a 400 that lists everything that is wrong. Never shows what was found. */
export function checked<Schema extends z.ZodType>(schema: Schema, values: unknown): z.output<Schema> {
  const result = schema.safeParse(values);
  if (!result.success) {
    throw badRequest(
      result.error.issues.map(({ path, message }) => `'${path.join(".")}': ${message}`).join("; "),
    );
  }
  return result.data;
}
