import type * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import type { IResourceProviderServer } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import { encodeFailures } from "./checkFailures";
import { changedNames, encodeDifference } from "./difference";
import type { Engine } from "./engine";
import { serviceError } from "./failures";
import { decodeProperties, encodeProperties } from "./properties";
import { providerArguments, type ProviderSession } from "./session";

/** The calls of Pulumi's ResourceProvider protocol that concern the provider as a whole. */
export type ConfigurationService = Pick<
  IResourceProviderServer,
  | "handshake"
  | "attach"
  | "getPluginInfo"
  | "getSchema"
  | "checkConfig"
  | "diffConfig"
  | "configure"
  | "cancel"
>;

/** @param connect connects to an engine that attaches to this process */
export function configurationService<C>(
  session: ProviderSession<C>,
  connect: (address: string) => Engine,
): ConfigurationService {
  const { definition } = session;
  return {
    // Resource references and output values arrive flattened to ids and plain values: nothing here needs more.
    handshake: handler(() =>
      new messages.ProviderHandshakeResponse()
        .setAcceptSecrets(true)
        .setSupportsAutonamingConfiguration(true),
    ),

    attach: handler((request) => {
      session.engine = connect(request.getAddress());
      return new Empty();
    }),

    getPluginInfo: handler(() => new PluginInfo().setVersion(definition.version)),

    getSchema: handler(() => {
      const resources = Object.fromEntries(Object.keys(definition.resources).map((type) => [type, {}]));
      const schema = { name: definition.name, version: definition.version, resources };
      return new messages.GetSchemaResponse().setSchema(JSON.stringify(schema));
    }),

    checkConfig: handler((request) => {
      const { values, secretNames } = decodeProperties(request.getNews());
      const failures = definition.checkConfiguration?.(providerArguments(values)) ?? [];
      return (
        new messages.CheckResponse()
          .setInputs(encodeProperties(values, secretNames))
          // Here the engine does not say which arguments are secret: any of them may be.
          .setFailuresList(encodeFailures(failures, () => true, []))
      );
    }),

    // Other arguments never replace a provider: that would replace every resource it manages.
    diffConfig: handler((request) => {
      const olds = decodeProperties(request.getOldInputs()).values;
      const news = decodeProperties(request.getNews()).values;
      return encodeDifference({ changed: changedNames(olds, news) }, olds, news);
    }),

    configure: handler((request) => {
      session.configure(request.getArgs());
      return new messages.ConfigureResponse()
        .setAcceptsecrets(true)
        .setSupportspreview(true)
        .setSupportsAutonamingConfiguration(true);
    }),

    cancel: handler(() => {
      session.cancel("cancelled");
      return new Empty();
    }),
  };

  function handler<Request, Response>(
    handle: (request: Request) => Response,
  ): grpc.handleUnaryCall<Request, Response> {
    return ({ request }, callback) => {
      try {
        callback(null, handle(request));
      } catch (error) {
        callback(serviceError(error, new Set(), session.secretStrings));
      }
    };
  }
}
