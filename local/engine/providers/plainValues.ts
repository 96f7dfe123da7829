import type { Unwrap } from "@pulumi/pulumi";

/** What a program's arguments, or a resource's state, are once every input is resolved. */
export type PlainValues<T> = {
  [Name in keyof T]: IsOptional<T, Name> extends true ? Unwrap<T[Name]> | undefined : Unwrap<T[Name]>;
};

/** Whether a property may be left out. */
export type IsOptional<T, Name extends keyof T> = object extends Pick<T, Name> ? true : false;
