import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { keyOf } from "../access/authorization";
import { faultSchema } from "../control/faults";
import { tokenSummary } from "../control/token-summary";
import type { Emulation } from "../emulation";
import { invalidToken, notPermitted } from "../errors";
import { changeSecrets } from "../workplace/secret-changes";
import { checked } from "./schema";

const secretSchema = z.strictObject({
  project: z.string(),
  config: z.string(),
  name: z.string(),
  value: z.string().nullable(),
});

/** `/_emulator`: what tests look at and switch. All but the health needs the service account's token. */
export function controlRoutes(app: FastifyInstance, emulation: Emulation): void {
  const { workplace, tokens, counter, faults } = emulation;

  app.get("/health", () => ({ status: "ok" }));

  app.register((guarded, _options, done) => {
    guarded.addHook("onRequest", (request, _reply, done) => {
      const caller = tokens.find(keyOf(request.headers.authorization) ?? "");
      if (caller?.kind === "service-account") {
        done();
      } else {
        done(caller === undefined ? invalidToken() : notPermitted("control the emulator"));
      }
    });

    guarded.get("/counters", () => counter.snapshot());
    guarded.delete("/counters", () => {
      counter.reset();
      return { success: true };
    });

    guarded.get("/faults", () => ({ faults: faults.list() }));
    guarded.post("/faults", (request) => {
      faults.set(checked(faultSchema, request.body));
      return { success: true };
    });
    guarded.delete("/faults", () => {
      faults.clear();
      return { success: true };
    });

    guarded.get("/tokens", () => ({ tokens: tokens.all().map(tokenSummary) }));

    guarded.put("/secrets", (request) => {
      const { project, config, name, value } = checked(secretSchema, request.body);
      changeSecrets(workplace.project(project).config(config), [
        { name, value, shouldDelete: value === null },
      ]);
      return { success: true };
    });
    done();
  });
}
