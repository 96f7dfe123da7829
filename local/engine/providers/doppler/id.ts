/**
 * Takes a resource's id apart: names joined with dots.
 *
 * @param form the names, for the error: `project.config.slug`
 * @throws Error when it has another number of parts
 */
export function idParts<Count extends 2 | 3>(
  id: string,
  form: string,
  count: Count,
): Count extends 2 ? [string, string] : [string, string, string] {
  const parts = id.split(".");
  if (parts.length !== count || parts.includes("")) {
    throw new Error(`found the id "${id}"; write ${form}`);
  }
  return parts as Count extends 2 ? [string, string] : [string, string, string];
}
