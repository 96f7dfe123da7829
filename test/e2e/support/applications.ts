/** Application files of the end-to-end tests: the examples' shape, refreshed every ten seconds. */

/** One Secret from the environment's own config. */
export function bookmarked(keys = "[DATABASE_URL, JWT_SECRET]"): string {
  return `
name: bookmarked
namespace: { default: bookmarked, dev: bookmarked-dev, staging: bookmarked-staging }
secrets:
  - name: bookmarked-secrets
    from: doppler
    keys: ${keys}
    refresh: 10s
config:
  NODE_ENV: { default: production, dev: development }
`;
}

/** Three Secrets: renamed keys, a key of the shared config, and a registry's credentials. */
export const SHOP = `
name: shop
namespace: { default: shop, dev: shop-dev, staging: shop-staging }
secrets:
  - name: shop-secrets
    from: doppler
    keys: { STRIPE_API_KEY: SHOP_STRIPE_API_KEY }
    refresh: 10s
  - name: shop-monitoring
    from: doppler
    doppler: shared
    keys: [SENTRY_DSN]
    refresh: 10s
  - name: shop-registry
    from: doppler
    doppler: shared
    registry: { username: DOCKERHUB_USERNAME, password: DOCKERHUB_TOKEN }
`;

/** Every secret of the environment's config, under its own name. */
export const WHOLE = `
name: whole
namespace: { default: whole, dev: whole-dev, staging: whole-staging }
environments: [dev]
secrets:
  - name: whole-config
    from: doppler
    refresh: 10s
    type: Opaque
    labels: { argocd.argoproj.io/secret-type: repository }
    annotations: { note: of the Secret }
`;
