import type { YAMLError } from "yaml";

/**
 * What a syntax error of the YAML library means for the writer of the file. The library's own messages are not
 * shown: some quote the file, where a credential may stand.
 */
export function syntaxProblem(code: YAMLError["code"]): { found: string; remedy: string } {
  switch (code) {
    case "TAB_AS_INDENT":
      return { found: "a tab as indentation", remedy: "spaces: YAML does not indent with tabs" };
    case "MULTIPLE_DOCS":
      return { found: "a second document (`---`)", remedy: "one application in a file: a file for each" };
    case "BAD_INDENT":
      return {
        found: "a line with the wrong indentation",
        remedy: "the entries of one map or list below each other",
      };
    case "MISSING_CHAR":
      return {
        found: "something that is not closed or has no `:`",
        remedy: "the missing quote, bracket or `: value`",
      };
    case "BLOCK_AS_IMPLICIT_KEY":
    case "MULTILINE_IMPLICIT_KEY":
      return {
        found: "a map where a single value stands",
        remedy: "the map on lines of its own, or the value in quotes",
      };
    case "BAD_SCALAR_START":
      return { found: "a value that starts with a reserved character", remedy: "the value in quotes" };
    case "BAD_DQ_ESCAPE":
      return {
        found: "an unknown escape in double quotes",
        remedy: "the value in single quotes, or `\\\\` for a backslash",
      };
    case "TAG_RESOLVE_FAILED":
      return {
        found: "an unknown YAML tag",
        remedy: "the value without the tag, in quotes if it starts with `!`",
      };
    case "BAD_DIRECTIVE":
      return { found: "an unknown YAML directive", remedy: "the file without the line that starts with `%`" };
    case "RESOURCE_EXHAUSTION":
      return { found: "lists or maps nested too deep to be read", remedy: "what docs/apps.md describes" };
    default:
      return {
        found: "text that is no YAML",
        remedy: "a value in quotes where it contains `: `, ` #` or brackets",
      };
  }
}
