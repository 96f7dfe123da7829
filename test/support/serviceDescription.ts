import assert from "node:assert/strict";
import { Ajv2020 } from "ajv/dist/2020";

import description from "../../services/secrets/openapi.json";
import type { ServiceAnswer } from "./secretsService";

/** What the description says of an answer. */
interface ResponseDescription {
  readonly headers?: Readonly<Record<string, object>>;
  readonly content: Readonly<Record<string, object>>;
}

const ajv = new Ajv2020({ strict: false });
ajv.addSchema(description, "description");

/** Asserts that an answer is one that the description has for that path. */
export function assertDescribed(path: keyof typeof description.paths, answer: ServiceAnswer): void {
  const responses = description.paths[path].get.responses as Readonly<Record<string, ResponseDescription>>;
  const response = responses[answer.status];
  assert.ok(response, `${path} is not described to answer ${answer.status}`);
  const [type = ""] = String(answer.headers["content-type"]).split(";");
  assert.ok(type in response.content, `${path} is not described to answer ${type}`);
  const at = `description#/paths/${path.replace("/", "~1")}/get/responses/${answer.status}`;
  const body: unknown = type === "application/json" ? JSON.parse(answer.body) : answer.body;
  assertValid(`${at}/content/${type.replace("/", "~1")}/schema`, body);
  for (const name of Object.keys(response.headers ?? {})) {
    assert.notEqual(answer.headers[name], undefined, `${path} ${answer.status} has no header ${name}`);
  }
  if (response.headers && "cache-control" in response.headers) {
    assertValid("description#/components/headers/CacheControl/schema", answer.headers["cache-control"]);
  }
}

/** Asserts that an answer is a refusal of a certain code. */
export function assertRefusal(answer: ServiceAnswer, status: number, code: string): void {
  assert.equal(answer.status, status);
  const body: unknown = JSON.parse(answer.body);
  assertValid("description#/components/schemas/Refusal", body);
  assert.equal((body as { code: string }).code, code);
  assert.equal(answer.headers["cache-control"], "no-store");
}

function assertValid(reference: string, value: unknown): void {
  const validate = ajv.getSchema(reference) ?? assert.fail(`there is no ${reference}`);
  assert.ok(validate(value), `${reference}: ${ajv.errorsText(validate.errors)}`);
}
