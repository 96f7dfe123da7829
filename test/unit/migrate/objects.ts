/** Objects of a cluster in which a CronJob copies Secrets. */
import { AnyObject } from "../../../migrate/inventory/inventory";

export function secretObject(
  place: string,
  values: Readonly<Record<string, string>>,
  changes: AnyObject = {},
): AnyObject {
  const data = Object.entries(values).map(([key, value]) => [key, Buffer.from(value).toString("base64")]);
  return { kind: "Secret", metadata: metadata(place), data: Object.fromEntries(data) as object, ...changes };
}

export function workloadObject(kind: string, place: string, pod: object): AnyObject {
  const template = { template: { spec: pod } };
  return {
    kind,
    metadata: metadata(place),
    spec: kind === "CronJob" ? { jobTemplate: { spec: template } } : template,
  };
}

export function configMapObject(place: string, data: Readonly<Record<string, string>>): AnyObject {
  return { kind: "ConfigMap", metadata: metadata(place), data };
}

export function metadata(place: string): { namespace: string; name: string } {
  const [namespace = "", name = ""] = place.split("/");
  return { namespace, name };
}
