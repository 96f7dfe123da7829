import { strict as assert } from "node:assert";
import { credentialKind, hideCredentials } from "../../../config/credentials";
import { describe as describeValue } from "../../../config/description";

/** Made up, in the shape that each vendor documents; put together so that no scanner takes them for real ones. */
const join = (...parts: string[]): string => parts.join("");
const LETTERS = "Zk3vQ8xT1mB6nR4wJ7cH9pL2sD5fG0aYeUiO";
const HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b";

const credentials: readonly (readonly [kind: string, value: string, name?: string])[] = [
  ["a Doppler token", join("dp.st.", "dev.", LETTERS, "abcd")],
  ["a Doppler token", join("dp.sa.", LETTERS)],
  ["a Doppler token", join("dp.pt.", LETTERS)],
  ["a Vault token", join("hvs.", LETTERS)],
  ["a Vault token", join("hvb.", LETTERS)],
  ["a Vault token", join("s.", LETTERS.slice(0, 24))],
  ["a GitHub token", join("ghp_", LETTERS)],
  ["a GitHub token", join("gho_", LETTERS)],
  ["a GitHub token", join("github_pat_", LETTERS, "_", LETTERS)],
  ["a GitLab token", join("glpat-", LETTERS.slice(0, 20))],
  ["a Slack token", join("xoxb-", "123456789012-", LETTERS)],
  ["a Slack token", join("xapp-", "1-A0123-", LETTERS)],
  ["a Slack webhook address", join("https://hooks.slack.com/services/", "T000/B000/", LETTERS)],
  ["an AWS access key", join("AKIA", "IOSFODNN7EXAMPLE")],
  ["an AWS access key", join("ASIA", "IOSFODNN7EXAMPLE")],
  ["a Stripe key", join("sk_live_", LETTERS)],
  ["a Stripe key", join("rk_test_", LETTERS)],
  ["a Stripe key", join("whsec_", LETTERS)],
  ["an OpenAI or Anthropic key", join("sk-proj-", LETTERS)],
  ["an OpenAI or Anthropic key", join("sk-ant-", "api03-", LETTERS)],
  ["a Google key", join("AIza", LETTERS.slice(0, 35))],
  ["a Google key", join("GOCSPX-", LETTERS)],
  ["an npm token", join("npm_", LETTERS)],
  ["a PyPI token", join("pypi-", LETTERS)],
  ["a Docker Hub token", join("dckr_pat_", LETTERS)],
  ["a SendGrid key", join("SG.", LETTERS.slice(0, 22), ".", LETTERS)],
  ["a Pulumi token", join("pul-", HEX)],
  ["a Hugging Face token", join("hf_", LETTERS)],
  ["a DigitalOcean token", join("dop_v1_", HEX)],
  ["an age secret key", join("AGE-SECRET-KEY-1", LETTERS.toUpperCase())],
  ["a JSON Web Token", join("eyJhbGciOiJIUzI1NiJ9", ".", "eyJzdWIiOiJzaG9wIn0", ".", LETTERS)],
  ["a private key", join("-----BEGIN RSA ", "PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----")],
  ["a private key", join("-----BEGIN ", "PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----")],
  ["an Azure storage key", join("AccountName=shop;AccountKey=", LETTERS, "==")],
  ["a URL with a password", "postgres://shop:hunter2@db.example:5432/shop"],
  ["a URL with a password", "redis://:hunter2@cache:6379"],
  ["a URL with a password", "see https://me:hunter2@example.com/a for more"],
  ["a connection string with a password", "Server=db;User=shop;Password=hunter2;"],
  ["a connection string with a password", "host=db user=shop password=hunter2"],
  ["a password", "hunter2", "DB_PASSWORD"],
  ["a password", "correct-horse", "dbPassword"],
  ["a password", "hunter2", "PGPASSWORD"],
  ["a password", "hunter2", "SMTP_PASS"],
  ["a random token under the name of a secret", LETTERS, "JWT_SECRET"],
  ["a random token under the name of a secret", HEX, "SESSION_TOKEN"],
  ["a random token under the name of a secret", LETTERS, "API_KEY"],
  ["a random token under the name of a secret", LETTERS, "sessionSigningKey"],
  ["a random token under the name of a secret", "123e4567-e89b-12d3-a456-426614174000", "CLIENT_SECRET"],
  ["a random token under the name of a secret", "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=", "app.secret"],
];

const harmless: readonly (readonly [value: string, name?: string])[] = [
  ["", "DB_PASSWORD"],
  ["3000", "PORT"],
  ["true", "REQUIRE_PASSWORD"],
  ["false", "USE_TOKEN"],
  ["30d", "PASSWORD"],
  ["/run/secrets/db-password", "DB_PASSWORD"],
  ["https://example.com/reset", "RESET_PASSWORD"],
  ["$(DB_PASSWORD)", "DB_PASSWORD"],
  ["<password>", "DB_PASSWORD"],
  ["hunter2", "DB_PASSWORD_FILE"],
  ["shop-secrets", "DB_PASSWORD_SECRET_NAME"],
  ["bcrypt-2b-rounds-12", "PASSWORD_ALGORITHM"],
  ["https://example.com:8443/path?query=1#part"],
  ["https://me@example.com/"],
  ["https://registry.example:443/@scope/package"],
  ["postgres://shop@db:5432/shop"],
  ["postgres://shop:@db:5432/shop"],
  ["postgres://shop:$(PASSWORD)@db:5432/shop"],
  ["postgres://shop:<password>@db:5432/shop"],
  ["postgres://shop:****@db:5432/shop"],
  ["mailto:me@example.com"],
  ["arn:aws:iam::123456789012:role/shop", "ROLE"],
  ["arn:aws:secretsmanager:eu-west-1:123456789012:secret:shop-AbCdEf", "SHOP_SECRET"],
  ["vault:secret/data/shop#token", "SHOP_TOKEN"],
  [HEX, "VERSION"],
  [HEX, "GIT_COMMIT"],
  [`sha256:${HEX}${HEX.slice(0, 24)}`, "IMAGE_DIGEST"],
  ["123e4567-e89b-12d3-a456-426614174000", "TENANT_ID"],
  ["data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk", "LOGO"],
  ["iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk", "LOGO"],
  ["-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----", "CA"],
  ["-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----", "JWT_PUBLIC_KEY"],
  [LETTERS, "STRIPE_PUBLISHABLE_KEY"],
  [`pk_live_${LETTERS}`, "STRIPE_KEY"],
  [LETTERS, "RECAPTCHA_PUBLIC_API_KEY"],
  [LETTERS, "MONKEY"],
  [LETTERS, "KEYBOARD_LAYOUT"],
  ["staging-cluster-1", "SESSION_TOKEN"],
  ["projects/shop/secrets/session-signing-key", "SIGNING_KEY"],
  ["the-name-of-a-secret", "CLIENT_SECRET"],
  ["X-Request-Token", "TOKEN"],
  ["task_live_deployments_and_more"],
  ["class.abcdefghijklmnopqrstuvwx"],
  ["dp.state.machine"],
  ["risk-assessment-of-the-whole-department-in-one-text"],
  ["AKIAbahn"],
  ["eyJust.some.text"],
  ["2024-05-01T12:00:00Z", "TOKEN_EPOCH"],
  ["password=", "TEMPLATE"],
  ["p@ssw0rd is a bad one: https://example.com"],
];

describe("credentials", () => {
  for (const [index, [kind, value, name]] of credentials.entries()) {
    it(`are recognised: ${kind}${name === undefined ? "" : ` called ${name}`} (${index + 1})`, () => {
      assert.equal(credentialKind(value, name), kind);
    });
  }

  for (const [index, [value, name]] of harmless.entries()) {
    it(`are not seen in harmless values${name === undefined ? "" : ` called ${name}`} (${index + 1})`, () => {
      assert.equal(credentialKind(value, name), undefined);
    });
  }

  it("of a known shape are hidden wherever they stand in a text", () => {
    for (const [kind, value, name] of credentials.filter(([, , name]) => name === undefined)) {
      const shown = hideCredentials(`before ${value} after`);
      assert.equal(name, undefined);
      assert.ok(shown.includes("(hidden)"), kind);
      assert.ok(!shown.includes(LETTERS.slice(0, 20)) && !shown.includes("hunter2"), kind);
    }
  });

  it("are never quoted in a description", () => {
    for (const [kind, value, name] of credentials) {
      assert.equal(describeValue(value, name), `what looks like ${kind}`);
    }
    assert.equal(describeValue(LETTERS), `a text of ${LETTERS.length} characters`);
    assert.equal(describeValue("shop"), '"shop"');
  });
});
