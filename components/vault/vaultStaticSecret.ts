/**
 * The VaultStaticSecret of one declared Secret. Pure: declaration in, manifest out.
 * Source: https://developer.hashicorp.com/vault/docs/deploy/kubernetes/vso/api-reference#vaultstaticsecret
 */
import { goDuration } from "../applications/goDuration";
import { MANAGED_BY_LABEL, OwnedMetadata } from "../identity";
import { PLACEHOLDER_LABEL } from "../placeholder";

/** What a VaultStaticSecret is made from. */
export interface VaultStaticSecretSettings {
  /** Of the VaultStaticSecret and of the Secret. */
  name: string;
  namespace: string;
  metadata: OwnedMetadata;
  /** Name of the VaultAuth beside it. */
  auth: string;
  /** The KV v2 mount, and the path below it. */
  mount: string;
  path: string;
  /** Key in the Secret -> key in Vault. Undefined: every key under its own name. */
  keys?: Readonly<Record<string, string>> | undefined;
  refreshSeconds: number;
  /** Type of the Secret, such as `Opaque`. */
  type: string;
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  /** What is restarted when the Secret changes. */
  restart: readonly { kind: string; name: string }[];
  /** Whether Vault holds placeholders in place of values. */
  placeholder: boolean;
}

/** The manifest. A key that is missing in Vault fails the refresh, and the Secret keeps what it had. */
export function vaultStaticSecretManifest(settings: VaultStaticSecretSettings) {
  const { name, namespace, metadata, auth, mount, path, keys, annotations, restart } = settings;
  // Who manages the Secret is for the operator to say, and it complains about a label of ours.
  const ownLabels = Object.entries(metadata.labels).filter(([label]) => label !== MANAGED_BY_LABEL);
  const destinationLabels = {
    ...settings.labels,
    ...Object.fromEntries(ownLabels),
    ...(settings.placeholder ? { [PLACEHOLDER_LABEL]: "true" } : {}),
  };
  return {
    apiVersion: "secrets.hashicorp.com/v1beta1",
    kind: "VaultStaticSecret",
    metadata: { name, namespace, ...metadata },
    spec: {
      vaultAuthRef: auth,
      mount,
      type: "kv-v2",
      path,
      refreshAfter: goDuration(settings.refreshSeconds),
      hmacSecretData: true,
      ...(restart.length > 0
        ? { rolloutRestartTargets: restart.map(({ kind, name: target }) => ({ kind, name: target })) }
        : {}),
      destination: {
        name,
        create: true,
        // A placeholder from before Vault was ready, or a copy that was made by hand, is taken over without a gap.
        overwrite: true,
        type: settings.type,
        labels: destinationLabels,
        ...(Object.keys(annotations).length > 0 ? { annotations: { ...annotations } } : {}),
        transformation: transformation(keys),
      },
    },
  };
}

/** `_raw` would hand every value, and its history, to each pod that takes the whole Secret into its environment. */
function transformation(keys: VaultStaticSecretSettings["keys"]) {
  if (!keys) return { excludeRaw: true };
  return {
    excludeRaw: true,
    excludes: [".*"],
    templates: Object.fromEntries(
      Object.entries(keys).map(([key, remote]) => [key, { text: valueTemplate(remote) }]),
    ),
  };
}

/** Text as it is, everything else as JSON. Vault's keys are quoted as Go would, which JSON's quoting is a part of. */
function valueTemplate(remote: string): string {
  const quoted = JSON.stringify(remote);
  return (
    `{{- if not (hasKey .Secrets ${quoted}) }}{{ fail (printf "Vault has no key %q" ${quoted}) }}{{ end -}}` +
    `{{- $value := get .Secrets ${quoted} -}}` +
    `{{- if kindIs "string" $value }}{{ $value }}{{ else }}{{ $value | toJson }}{{ end -}}`
  );
}
