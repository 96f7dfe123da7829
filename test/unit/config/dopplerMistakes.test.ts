import { refusesValues } from "./stackTables";
import type { StackRow } from "./stackTables";

const doppler = (values: Record<string, unknown>) => ({ doppler: { project: "example", ...values } });

describe("doppler of a stack's configuration", () => {
  refusesValues("doppler", [
    ["that is missing", { doppler: undefined }, "doppler", "nothing", "a map with project, host, config"],
    ["without a project", { doppler: {} }, "doppler.project", "nothing", "the Doppler project"],
    [
      "with a project that is no name",
      doppler({ project: "my shop" }),
      "doppler.project",
      '"my shop"',
      "letters",
    ],
    ...[
      "api.doppler.com",
      "ftp://example.com",
      "https://example.com/v3",
      "https://me:hunter2@example.com",
      "x",
    ].map((host): StackRow => [
      `with the host ${host.replace("hunter2", "...")}`,
      doppler({ host }),
      "doppler.host",
      "a text that is no such address",
      "such as https://api.doppler.com: http or https, no path, no user",
    ]),
    [
      "with a host without port that the operator would reach on 443",
      doppler({ host: "http://doppler.example" }),
      "doppler.host",
      '"http://doppler.example"',
      "its port too",
    ],
    [
      "with a config that is no name",
      doppler({ config: "Dev" }),
      "doppler.config",
      '"Dev"',
      "own config: lowercase",
    ],
    [
      "with the config of another environment",
      doppler({ config: "prd" }),
      "doppler.config",
      '"prd", a config of the environment prd',
      "the environment's own config",
    ],
    [
      "with a branch of another environment",
      doppler({ config: "prd_eu" }),
      "doppler.config",
      '"prd_eu", a config of the environment prd',
      "the environment's own config",
    ],
    [
      "with shared configs that are no list",
      doppler({ shared: "shared" }),
      "doppler.shared",
      '"shared"',
      "a list",
    ],
    [
      "that shares the config of an environment",
      doppler({ shared: ["shared", "prd_eu"] }),
      "doppler.shared[1]",
      '"prd_eu", a config of one environment',
      "only configs that every environment may read",
    ],
    [
      "that shares its own config",
      doppler({ config: "blue", shared: ["blue"] }),
      "doppler.shared[0]",
      '"blue", a config of one environment',
      "only configs that every environment may read",
    ],
    [
      "that shares a config twice",
      doppler({ shared: ["shared", "shared"] }),
      "doppler.shared[1]",
      "the same config again",
      "every config once",
    ],
    [
      "with an unknown plan",
      doppler({ plan: "free" }),
      "doppler.plan",
      '"free"',
      "developer, team or enterprise",
    ],
  ]);
  refusesValues("settings of a config", [
    [
      "that is not used",
      doppler({ configs: { shraed: { generation: 2 } } }),
      "doppler.configs.shraed",
      "settings of a config that the stack does not use",
      "did you mean shared?",
    ],
    [
      "with generation 0",
      doppler({ configs: { dev: { generation: 0 } } }),
      "doppler.configs.dev.generation",
      "the number 0",
      "a whole number from 1 to 1000000",
    ],
    [
      "with a name that Kubernetes refuses",
      doppler({ configs: { dev: { tokenSecret: { name: "A" } } } }),
      "doppler.configs.dev.tokenSecret.name",
      '"A"',
      "the name of the token's Secret: lowercase",
    ],
    [
      "with a key that Kubernetes refuses",
      doppler({ configs: { dev: { tokenSecret: { key: "a/b" } } } }),
      "doppler.configs.dev.tokenSecret.key",
      '"a/b"',
      "the key of the token in its Secret: letters",
    ],
    [
      "with an unknown field",
      doppler({ configs: { dev: { genration: 2 } } }),
      "doppler.configs.dev.genration",
      "an unknown field",
      "did you mean generation?",
    ],
    [
      "with the token Secret of another",
      doppler({ configs: { shared: { tokenSecret: { name: "doppler-token-dev" } } } }),
      "doppler.configs.shared.tokenSecret.name",
      "the Secret doppler-token-dev for both configs, dev and shared",
      "a name of its own for each config",
    ],
    [
      "with the store of another",
      doppler({ configs: { dev: { store: "secrets" }, shared: { store: "secrets" } } }),
      "doppler.configs.shared.store",
      "the store secrets for both configs, dev and shared",
      "a name of its own for each config",
    ],
  ]);
});
