import { LineCounter, isAlias, isMap, isScalar, isSeq, parseAllDocuments, parseDocument } from "yaml";
import type { Alias, Document, Node, Pair, Scalar, YAMLMap, YAMLSeq } from "yaml";
import { Location } from "./location";
import type { Part, Path, Place, Source } from "./location";
import type { Problem } from "./problem";
import { syntaxProblem } from "./yamlSyntax";

/** Larger files are no configuration: a ConfigMap holds at most 1 MiB, and an application has one. */
const LARGEST_FILE_BYTES = 2 * 1024 * 1024;
/** Aliases repeat what they point at; more values than this are a mistake or an attack. */
const MOST_VALUES = 100_000;

/** A YAML file that was read: its content, and where each part of it stands. */
export interface YamlDocument extends Source {
  /** The file as the user knows it. */
  readonly file: string;
  /**
   * Its content in maps, lists and texts. A number or a truth value is the text that stands in the file
   * (`1.10` is "1.10"); a missing value is null. Undefined: the file cannot be read.
   */
  readonly content: unknown;
}

/**
 * Reads YAML 1.2, adding what is wrong with it to `problems`.
 *
 * @param file how messages name the file
 */
export function readYaml(text: string, file: string, problems: Problem[]): YamlDocument {
  const [document = unreadable(file)] = readDocuments(text, file, problems, (lineCounter) => [
    parseDocument(text, { ...PARSING, lineCounter }),
  ]);
  return document;
}

/** Reads a file of several documents, parted by `---`, in the same way. Those without content are left out. */
export function readYamlDocuments(text: string, file: string, problems: Problem[]): YamlDocument[] {
  const documents = readDocuments(text, file, problems, (lineCounter) => {
    const parsed = parseAllDocuments(text, { ...PARSING, lineCounter });
    return "empty" in parsed ? [] : parsed;
  });
  return documents.filter(({ content }) => content !== null);
}

/** Duplicate keys are found by the reader below, in linear time. */
const PARSING = { prettyErrors: false, uniqueKeys: false } as const;

function unreadable(file: string): YamlDocument {
  return { file, content: undefined, place: () => ({ file }) };
}

function readDocuments(
  text: string,
  file: string,
  problems: Problem[],
  parse: (lines: LineCounter) => Document.Parsed[],
): YamlDocument[] {
  if (Buffer.byteLength(text) > LARGEST_FILE_BYTES) {
    problems.push({ file, path: "", found: "a file of more than 2 MiB", remedy: "a smaller file" });
    return [unreadable(file)];
  }
  const lines = new LineCounter();
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  return parse(lines).map((document): YamlDocument => {
    const place = (path: Path, part: Part): Place => placeAt(offsetOf(document, path, part));
    const root = new Location({ place }, problems);
    // What follows the first syntax error is mostly its echo.
    const error = document.errors[0] ?? document.warnings[0];
    if (error !== undefined) {
      const { found, remedy } = syntaxProblem(error.code);
      root.refuse(found, remedy, placeAt(error.pos[0]));
      return { file, content: undefined, place };
    }
    return { file, content: new Reader(document, placeAt).read(document.contents, root), place };
  });
}

/** Turns nodes into values. */
class Reader {
  private values = 0;
  /** Maps and lists that are being read: an alias to one of them would never end. */
  private readonly open = new Set<Node>();

  constructor(
    private readonly document: Document.Parsed,
    private readonly placeAt: (offset: number) => Place,
  ) {}

  read(node: unknown, location: Location): unknown {
    this.values += 1;
    if (this.values > MOST_VALUES) {
      if (this.values === MOST_VALUES + 1) {
        location.refuse(`more than ${MOST_VALUES} values, repeated by aliases`, "a smaller file");
      }
      return undefined;
    }
    if (isAlias(node)) return this.readAlias(node, location);
    if (isMap(node)) return this.within(node, () => this.readMap(node, location));
    if (isSeq(node)) return this.within(node, () => this.readList(node, location));
    return isScalar(node) ? this.readScalar(node, location) : null;
  }

  private within<T>(node: Node, read: () => T): T {
    this.open.add(node);
    const content = read();
    this.open.delete(node);
    return content;
  }

  private readScalar(scalar: Scalar, location: Location): unknown {
    if (scalar.value === null || typeof scalar.value === "string") return scalar.value;
    if (typeof scalar.value === "number" || typeof scalar.value === "boolean") return scalar.source;
    location.refuse("a value with a YAML tag", "the value as plain text, without the tag");
    return undefined;
  }

  private readAlias(alias: Alias, location: Location): unknown {
    const target = alias.resolve(this.document);
    if (target === undefined) {
      location.refuse("an alias without an anchor", "an anchor (`&name`) before the alias (`*name`)");
    } else if (this.open.has(target)) {
      location.refuse("an alias to a value that it is part of", "the value itself");
    } else {
      return this.read(target, location);
    }
    return undefined;
  }

  private readList(list: YAMLSeq, location: Location): unknown[] {
    return list.items.map((item, index) => this.read(item, location.at(index)));
  }

  private readMap(map: YAMLMap, location: Location): Record<string, unknown> {
    const content: Record<string, unknown> = {};
    for (const { key, value } of map.items) {
      const keyPlace = this.placeAt(startOf(key) ?? startOf(map) ?? 0);
      if (!isScalar(key) || typeof key.value !== "string") {
        const found =
          isScalar(key) && key.source ? `the key ${key.source}, which is no text` : "a key that is no text";
        location.refuse(found, "a name as key; a number or a word such as true in quotes", keyPlace);
      } else if (key.value === "__proto__") {
        location.refuse("the key __proto__", "another name", keyPlace);
      } else if (Object.hasOwn(content, key.value)) {
        const first = this.placeAt(offsetOf(this.document, [...location.path, key.value], "key"));
        const remedy = `the key once; its first value is in line ${first.line ?? 1}`;
        location.at(key.value).refuse("the same key a second time", remedy, keyPlace);
      } else {
        content[key.value] = this.read(value, location.at(key.value));
      }
    }
    return content;
  }
}

/** Where a value, or the nearest one above it that exists, starts in the text. */
function offsetOf(document: Document.Parsed, path: Path, part: Part): number {
  let node: unknown = document.contents;
  let offset = startOf(node) ?? 0;
  for (const [depth, segment] of path.entries()) {
    if (isAlias(node)) node = node.resolve(document);
    if (isSeq(node)) {
      node = typeof segment === "number" ? node.items[segment] : undefined;
      offset = startOf(node) ?? offset;
    } else {
      const pair = isMap(node) ? pairOf(node, segment) : undefined;
      if (pair === undefined) break;
      node = pair.value;
      const key = startOf(pair.key) ?? offset;
      offset = part === "key" && depth === path.length - 1 ? key : (startOf(node) ?? key);
    }
  }
  return offset;
}

function pairOf(map: YAMLMap, key: string | number): Pair | undefined {
  return map.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
}

/** Where a node starts; undefined for what has no text, such as a missing value. */
function startOf(node: unknown): number | undefined {
  if (!isMap(node) && !isSeq(node) && !isScalar(node) && !isAlias(node)) return undefined;
  const range = node.range;
  return range && range[0] < range[1] ? range[0] : undefined;
}
