import type * as grpc from "@grpc/grpc-js";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";

import { autoname } from "./autoname";
import { encodeFailures } from "./checkFailures";
import {
  UNKNOWN,
  type CheckFailure,
  type OperationContext,
  type ResourceDefinition,
  type Values,
} from "./definition";
import { changedNames, encodeDifference } from "./difference";
import { serviceError } from "./failures";
import { decodeProperties, encodeProperties, hideSecrets, type DecodedProperties } from "./properties";
import type { ProviderSession } from "./session";

/** The calls of Pulumi's ResourceProvider protocol (proto/pulumi/provider.proto) that concern one resource. */
export type ResourceService = Pick<
  IResourceProviderServer,
  "check" | "diff" | "create" | "read" | "update" | "delete"
>;

/** What every request about a resource has. */
interface ResourceRequest {
  getUrn: () => string;
  getType: () => string;
}

/** What a handler works with: its resource type, and properties whose secrets are noted as they are decoded. */
interface Call<C> {
  resource: ResourceDefinition<C>;
  decode: (struct: Struct | undefined) => Values;
  /** Marks outputs that are secret by definition, or whose name was secret in anything decoded so far. */
  encode: (values: Values) => Struct;
  encodeFailures: (failures: readonly CheckFailure[]) => messages.CheckFailure[];
  context: (timeoutSeconds: number) => OperationContext<C>;
}

/** Serves the resource types of a definition. */
export function resourceService<C>(session: ProviderSession<C>): ResourceService {
  return {
    check: handler(session, (request: messages.CheckRequest, call) => {
      const news = call.decode(request.getNews());
      const olds = call.decode(request.getOlds());
      const context = { name: request.getName(), autoname: () => autoname(request) };
      const checked = call.resource.check?.(news, Object.keys(olds).length > 0 ? olds : undefined, context);
      return new messages.CheckResponse()
        .setInputs(call.encode(checked?.inputs ?? news))
        .setFailuresList(call.encodeFailures(checked?.failures ?? []));
    }),

    diff: handler(session, (request: messages.DiffRequest, call) => {
      const olds = call.decode(request.getOldInputs());
      const news = call.decode(request.getNews());
      const difference = call.resource.diff?.(request.getId(), olds, news, call.decode(request.getOlds()));
      return encodeDifference(difference ?? defaultDifference(call.resource, olds, news), olds, news);
    }),

    create: handler(session, async (request: messages.CreateRequest, call) => {
      const inputs = call.decode(request.getProperties());
      if (request.getPreview()) {
        const known = call.resource.previewCreate?.(inputs) ?? inputs;
        return new messages.CreateResponse().setProperties(
          call.encode(withUnknownSecrets(call.resource, known)),
        );
      }
      const state = await call.resource.create(call.context(request.getTimeout()), inputs);
      return new messages.CreateResponse().setId(state.id).setProperties(call.encode(state.outputs));
    }),

    read: handler(session, async (request: messages.ReadRequest, call) => {
      const state = call.decode(request.getProperties());
      const inputs = request.hasInputs() ? call.decode(request.getInputs()) : undefined;
      if (!call.resource.read) {
        if (!inputs) {
          throw new Error(`${request.getType()} cannot be imported: let the program create it`);
        }
        return new messages.ReadResponse()
          .setId(request.getId())
          .setProperties(call.encode(state))
          .setInputs(call.encode(inputs));
      }
      const found = await call.resource.read(
        call.context(request.getTimeout()),
        request.getId(),
        state,
        inputs,
      );
      // An empty response says that the resource is gone.
      return found
        ? new messages.ReadResponse()
            .setId(found.id)
            .setProperties(call.encode(found.outputs))
            .setInputs(call.encode(found.inputs))
        : new messages.ReadResponse();
    }),

    update: handler(session, async (request: messages.UpdateRequest, call) => {
      const state = call.decode(request.getOlds());
      const news = call.decode(request.getNews());
      call.decode(request.getOldInputs());
      if (request.getPreview()) {
        const known = call.resource.previewUpdate?.(request.getId(), state, news) ?? { ...state, ...news };
        return new messages.UpdateResponse().setProperties(call.encode(known));
      }
      if (!call.resource.update) {
        throw new Error(
          `${request.getType()} cannot be changed in place: replace it (pulumi up --target-replace)`,
        );
      }
      const outputs = await call.resource.update(
        call.context(request.getTimeout()),
        request.getId(),
        state,
        news,
      );
      return new messages.UpdateResponse().setProperties(call.encode(outputs));
    }),

    delete: handler(session, async (request: messages.DeleteRequest, call) => {
      const state = call.decode(request.getProperties());
      call.decode(request.getOldInputs());
      await call.resource.delete?.(call.context(request.getTimeout()), request.getId(), state);
      return new Empty();
    }),
  };
}

function defaultDifference<C>(resource: ResourceDefinition<C>, olds: Values, news: Values) {
  const changed = changedNames(olds, news);
  return { changed, replaces: resource.update ? [] : changed };
}

/** In a preview, an output that will be secret is a secret unknown, so that nothing made from it shows. */
function withUnknownSecrets<C>(resource: ResourceDefinition<C>, known: Values): Values {
  const missing = (resource.secretOutputs ?? []).filter((name) => known[name] === undefined);
  return { ...known, ...Object.fromEntries(missing.map((name) => [name, UNKNOWN])) };
}

function handler<C, Request extends ResourceRequest, Response>(
  session: ProviderSession<C>,
  handle: (request: Request, call: Call<C>) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return ({ request }, callback) => {
    const secretStrings = new Set(session.secretStrings);
    const secretNames = new Set<string>();
    const lines: Promise<void>[] = [];
    const note = (decoded: DecodedProperties): Values => {
      decoded.secretStrings.forEach((secret) => secretStrings.add(secret));
      decoded.secretNames.forEach((name) => secretNames.add(name));
      return decoded.values;
    };
    const answer = async (): Promise<Response> => {
      const resource = session.resource(request.getType());
      resource.secretOutputs?.forEach((name) => secretNames.add(name));
      const call: Call<C> = {
        resource,
        decode: (struct) => note(decodeProperties(struct)),
        encode: (values) => encodeProperties(values, secretNames),
        encodeFailures: (failures) =>
          encodeFailures(failures, (name) => secretNames.has(name), secretStrings),
        context: (timeoutSeconds) =>
          session.operationContext(timeoutSeconds, (severity, message) => {
            lines.push(session.log(severity, hideSecrets(message, secretStrings), request.getUrn()));
          }),
      };
      return handle(request, call);
    };
    session
      .run(answer)
      // Lines first: the engine may end this process as soon as the last operation is answered.
      .finally(() => Promise.all(lines))
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback(serviceError(error, secretNames, secretStrings));
        },
      );
  };
}
