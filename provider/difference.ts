import { isDeepStrictEqual } from "node:util";

import { DiffResponse, PropertyDiff } from "@pulumi/pulumi/proto/provider_pb";

import type { Difference, Values } from "./definition";

/** Names of the properties whose values differ. A property that is null counts as one that is not there. */
export function changedNames(olds: Values, news: Values): string[] {
  const names = new Set([...Object.keys(olds), ...Object.keys(news)]);
  return [...names].filter((name) => !isDeepStrictEqual(olds[name] ?? null, news[name] ?? null)).sort();
}

const PLAIN_NAME = /^[A-Za-z_$][\w$-]*$/;

function kindOf(name: string, replaces: boolean, olds: Values, news: Values): PropertyDiff.Kind {
  if (olds[name] == null && news[name] != null) {
    return replaces ? PropertyDiff.Kind.ADD_REPLACE : PropertyDiff.Kind.ADD;
  }
  if (olds[name] != null && news[name] == null) {
    return replaces ? PropertyDiff.Kind.DELETE_REPLACE : PropertyDiff.Kind.DELETE;
  }
  return replaces ? PropertyDiff.Kind.UPDATE_REPLACE : PropertyDiff.Kind.UPDATE;
}

/**
 * Encodes a difference with its details, from which the engine shows each property's name, old and new value.
 *
 * @param olds the last inputs
 * @param news the inputs that are wanted
 */
export function encodeDifference(difference: Difference, olds: Values, news: Values): DiffResponse {
  const replaces = new Set(difference.replaces);
  const changed = [...new Set([...difference.changed, ...replaces])];
  const response = new DiffResponse()
    .setChanges(changed.length > 0 ? DiffResponse.DiffChanges.DIFF_SOME : DiffResponse.DiffChanges.DIFF_NONE)
    .setDiffsList(changed)
    .setReplacesList([...replaces])
    .setDeletebeforereplace(replaces.size > 0 && difference.deleteBeforeReplace === true)
    .setHasdetaileddiff(true);
  for (const name of changed) {
    const detail = new PropertyDiff()
      .setKind(kindOf(name, replaces.has(name), olds, news))
      .setInputdiff(name in olds || name in news);
    response.getDetaileddiffMap().set(PLAIN_NAME.test(name) ? name : `[${JSON.stringify(name)}]`, detail);
  }
  return response;
}
