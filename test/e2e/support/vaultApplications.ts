/** Application files of the end-to-end tests with Vault: refreshed every ten seconds. */

const NAMESPACE = "{ default: NAME, dev: NAME-dev, staging: NAME-staging }";

function header(name: string): string {
  return `name: ${name}\nnamespace: ${NAMESPACE.replaceAll("NAME", name)}\n`;
}

/**
 * Own secrets, with placeholders, and what is granted beside them.
 * @param grants names below shared/
 */
export function ledger(grants: readonly string[] = [], restart = false): string {
  const shared = grants.map(
    (grant) => `
  - name: ${grant}
    from: { vault: shared/${grant} }
    refresh: 10s`,
  );
  return `${header("ledger")}secrets:
  - name: credentials
    from: vault
    placeholder: [username, password]
    refresh: 10s${shared.join("")}
${restart ? "restart: [Deployment/ledger, DaemonSet/ledger, StatefulSet/ledger]\n" : ""}`;
}

/** Credentials of a registry, which Kubernetes reads. */
export const PULLING = `${header("pulling")}secrets:
  - name: registry
    from: { vault: pulling/registry }
    type: kubernetes.io/dockerconfigjson
    keys: { .dockerconfigjson: docker }
`;

/** One file, one namespace, both sources. */
export const MIXED = `${header("mixed")}secrets:
  - name: mixed-doppler
    from: doppler
    keys: [JWT_SECRET]
    refresh: 10s
  - name: api-keys
    from: vault
    keys: { PAYMENT_KEY: payment }
    refresh: 10s
`;

/** A secret that a Job fills once. */
export function populated(image: string, script: string): string {
  return `${header("filled")}secrets:
  - name: config
    from: vault
    placeholder: [license]
    refresh: 10s
    populate:
      image: ${image}
      command: [sh, -euc, ${JSON.stringify(script)}]
`;
}
