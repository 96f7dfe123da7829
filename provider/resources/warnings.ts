import { KubernetesClient } from "../../clients/kubernetes";

/** An event of Kubernetes, as far as it is read. */
interface EventBody {
  message?: string;
  type?: string;
  lastTimestamp?: string | null;
  eventTime?: string | null;
}

/** What an operator warned about, and when. */
export interface Warning {
  message: string;
  /** Milliseconds since the epoch. */
  time: number;
}

/** The newest warning about an object; undefined when there is none, or a newer event that is no warning. */
export async function newestWarning(
  cluster: KubernetesClient,
  kind: string,
  { namespace, name }: { namespace: string; name: string },
): Promise<Warning | undefined> {
  const events = await cluster.list<EventBody>(`/api/v1/namespaces/${namespace}/events`, {
    fieldSelector: `involvedObject.kind=${kind},involvedObject.name=${name}`,
  });
  const dated = events.map(({ message = "", type, lastTimestamp, eventTime }) => ({
    // Operators quote answers of several lines; tables and lists have one for each.
    message: message.replace(/\s+/g, " ").trim(),
    type,
    time: Date.parse(lastTimestamp ?? eventTime ?? "") || 0,
  }));
  const newest = dated.sort((one, other) => one.time - other.time).at(-1);
  return newest?.type === "Warning" ? newest : undefined;
}
