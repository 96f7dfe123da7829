import {
  UNKNOWN,
  type CheckContext,
  type CheckFailure,
  type OperationContext,
  type ResourceDefinition,
  type Values,
} from "../../../provider/definition";
import { changedNames } from "../../../provider/difference";
import {
  checkArguments,
  defaultedArguments,
  normalized,
  withoutInternals,
  type Argument,
  type Arguments,
} from "./arguments";
import type { PlainValues } from "./plainValues";

/** A resource type of a vendor's SDK, typed by the SDK's own interfaces of its arguments and of its state. */
export interface ResourceType<C, Args, State> {
  arguments: Arguments<Args>;
  secretOutputs?: readonly (keyof State & string)[];
  /** The argument that is made up from the logical name when the program gives none. */
  autonamed?: keyof Args & string;
  /** Defaults that depend on other arguments. */
  derive?: (args: PlainValues<Partial<Args>>) => Partial<PlainValues<Args>>;
  /** What is wrong with arguments together, once each is right. In previews some may not be known. */
  check?: (args: PlainValues<Args>) => CheckFailure[];
  create: (
    context: OperationContext<C>,
    args: PlainValues<Args>,
  ) => Promise<{ id: string; outputs: PlainValues<State> }>;
  /**
   * What of the state can be read; undefined when the resource is gone. In an import the state that is known is
   * empty. Default: the state does not change.
   */
  read?: (
    context: OperationContext<C>,
    id: string,
    state: PlainValues<State>,
  ) => Promise<PlainValues<State> | undefined>;
  /** Whether a resource that exists already can be imported by its id. Default: false. */
  importable?: boolean;
  /** Default: every change replaces. */
  update?: (
    context: OperationContext<C>,
    id: string,
    state: PlainValues<State>,
    args: PlainValues<Args>,
  ) => Promise<PlainValues<State>>;
  /** Outputs that are not known before an update. Default: all stay. */
  unknownAfter?: (changed: readonly string[]) => readonly (keyof State & string)[];
  delete?: (context: OperationContext<C>, id: string, state: PlainValues<State>) => Promise<void>;
}

/** Makes a resource type ready to be served. What reaches its operations was checked against its arguments. */
export function resourceType<C, Args extends object, State extends object>(
  type: ResourceType<C, Args, State>,
): ResourceDefinition<C> {
  const schema: Readonly<Record<string, Argument>> = type.arguments;
  const argumentsOf = (inputs: Values): PlainValues<Args> => withoutInternals(inputs) as PlainValues<Args>;
  const { read, update, delete: remove } = type;
  const derive = (inputs: Values): Values => ({
    ...type.derive?.(withoutInternals(inputs) as PlainValues<Partial<Args>>),
  });
  const filled = (inputs: Values): Values => ({
    ...defaultsOf(schema),
    ...derive(inputs),
    ...normalized(schema, withoutInternals(inputs)),
  });
  return {
    ...(type.secretOutputs && { secretOutputs: type.secretOutputs }),
    check: (news, olds, context) => {
      const { inputs, failures } = checkArguments(schema, news, {
        ...derive(news),
        ...made(type, news, olds, context),
      });
      const together = failures.length === 0 ? type.check?.(argumentsOf(inputs)) : undefined;
      return { inputs, failures: [...failures, ...(together ?? [])] };
    },
    // A default counts as if the program had said it: a state of the vendor's provider may lack it.
    diff: (_id, olds, news) => {
      const changed = changedNames(filled(olds), filled(news));
      const replaces = changed.filter((name) => !update || schema[name]?.replaces === true);
      return { changed, replaces, deleteBeforeReplace: isNamedByProgram(type, news) };
    },
    previewCreate: withoutInternals,
    previewUpdate: (_id, state, news) => {
      const known = { ...state, ...withoutInternals(news) };
      const unknown = type.unknownAfter?.(changedNames(state, known)) ?? [];
      return { ...known, ...Object.fromEntries(unknown.map((name) => [name, UNKNOWN])) };
    },
    create: async (context, inputs) => {
      const { id, outputs } = await type.create(context, argumentsOf(inputs));
      return { id, outputs: { ...outputs } };
    },
    read: async (context, id, state, inputs) => {
      if (!inputs && type.importable !== true) {
        throw new Error(`${id} cannot be imported: Pulumi has to create a resource of this type itself`);
      }
      const present = read ? await read(context, id, state as PlainValues<State>) : state;
      return (
        present && { id, outputs: { ...state, ...present }, inputs: inputsAfter(schema, inputs, present) }
      );
    },
    ...(update && {
      update: async (context, id, state, news) => {
        const outputs = await update(context, id, state as PlainValues<State>, argumentsOf(news));
        return { ...outputs };
      },
    }),
    ...(remove && { delete: (context, id, state) => remove(context, id, state as PlainValues<State>) }),
  };
}

function defaultsOf(schema: Readonly<Record<string, Argument>>): Values {
  const defaults = Object.entries(schema).map(([name, argument]) => [name, argument.default]);
  return Object.fromEntries(defaults) as Values;
}

/** The automatic name, when the program gives none: the one that the resource has already, or a new one. */
function made<C, Args, State>(
  { autonamed }: ResourceType<C, Args, State>,
  news: Values,
  olds: Values | undefined,
  { autoname }: CheckContext,
): Values {
  if (autonamed === undefined || news[autonamed] != null) {
    return {};
  }
  const kept = olds && defaultedArguments(olds).includes(autonamed) ? olds[autonamed] : undefined;
  return { [autonamed]: kept ?? autoname() };
}

/** Two resources cannot have one name: unless the name is made up, the old one goes first, as with the vendors'. */
function isNamedByProgram<C, Args, State>(
  { autonamed }: ResourceType<C, Args, State>,
  news: Values,
): boolean {
  return autonamed !== undefined && !defaultedArguments(news).includes(autonamed);
}

/** The inputs that would lead to what is there now, so that the next preview shows what has drifted. */
function inputsAfter(
  schema: Readonly<Record<string, Argument>>,
  inputs: Values | undefined,
  present: Values,
): Values {
  const known = inputs ?? { __defaults: [] };
  const read = Object.keys(schema).filter((name) => {
    const isNew = known[name] === undefined;
    const argument = schema[name];
    const chosen = argument?.computed === true || isUnsaid(present[name], argument?.default);
    return present[name] != null && !(isNew && chosen);
  });
  return { ...known, ...Object.fromEntries(read.map((name) => [name, present[name]])) };
}

/** Whether a value is what it would be if the program said nothing: the default, or an empty one. */
function isUnsaid(value: unknown, ofDefault: unknown): boolean {
  if (ofDefault !== undefined) return value === ofDefault;
  return (
    value === "" ||
    value === 0 ||
    value === false ||
    (typeof value === "object" && value !== null && Object.keys(value).length === 0)
  );
}
