import * as grpc from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

import type { Values } from "../../../provider/definition";
import { decodeProperties, encodeProperties } from "../../../provider/properties";
import { startPlugin, type PluginProcess } from "./pluginProcess";
import { unaryCall } from "./unaryCall";

/** A resource's properties with the names of those that are secret. */
export interface Properties {
  values: Values;
  secrets: string[];
}

/** What a provider says of a difference. */
export interface Diff {
  changed: string[];
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** Talks to a provider's process as the engine does. */
export class Provider {
  private constructor(
    readonly process: PluginProcess,
    readonly client: ResourceProviderClient,
  ) {}

  /** Starts a provider; it still has to be configured. */
  static async start(module: string, engine?: string): Promise<Provider> {
    const plugin = await startPlugin(module, engine, { DOPPLER_TOKEN: "", DOPPLER_API_HOST: "" });
    return new Provider(
      plugin,
      new ResourceProviderClient(plugin.address, grpc.credentials.createInsecure()),
    );
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.process.stop();
  }

  configure(args: Values, secrets: string[] = []): Promise<messages.ConfigureResponse> {
    const request = new messages.ConfigureRequest().setArgs(encodeProperties(args, new Set(secrets)));
    return unaryCall<messages.ConfigureResponse>((callback) => this.client.configure(request, callback));
  }

  async checkConfiguration(news: Values): Promise<string[]> {
    const request = new messages.CheckRequest().setNews(encodeProperties(news));
    return failuresOf(
      await unaryCall<messages.CheckResponse>((callback) => this.client.checkConfig(request, callback)),
    );
  }

  async check(
    type: string,
    news: Values,
    olds: Values = {},
    secrets: string[] = [],
  ): Promise<{ inputs: Values; failures: string[]; properties: string[] }> {
    const request = new messages.CheckRequest()
      .setUrn(urn(type))
      .setType(type)
      .setName("subject")
      .setRandomseed(Buffer.from("seed"))
      .setNews(encodeProperties(news, new Set(secrets)))
      .setOlds(encodeProperties(olds));
    const response = await unaryCall<messages.CheckResponse>((callback) =>
      this.client.check(request, callback),
    );
    return {
      inputs: properties(response.getInputs()).values,
      failures: failuresOf(response),
      properties: response.getFailuresList().map((failure) => failure.getProperty()),
    };
  }

  async diff(type: string, id: string, olds: Values, news: Values, state: Values = olds): Promise<Diff> {
    const request = new messages.DiffRequest()
      .setUrn(urn(type))
      .setType(type)
      .setId(id)
      .setOldInputs(encodeProperties(olds))
      .setNews(encodeProperties(news))
      .setOlds(encodeProperties(state));
    const response = await unaryCall<messages.DiffResponse>((callback) =>
      this.client.diff(request, callback),
    );
    return {
      changed: response.getDiffsList(),
      replaces: response.getReplacesList(),
      deleteBeforeReplace: response.getDeletebeforereplace(),
    };
  }

  async create(
    type: string,
    inputs: Values,
    options: { secrets?: string[]; preview?: boolean; timeoutSeconds?: number } = {},
  ): Promise<Properties & { id: string }> {
    const request = new messages.CreateRequest()
      .setUrn(urn(type))
      .setType(type)
      .setProperties(encodeProperties(inputs, new Set(options.secrets)))
      .setPreview(options.preview ?? false)
      .setTimeout(options.timeoutSeconds ?? 0);
    const response = await unaryCall<messages.CreateResponse>((callback) =>
      this.client.create(request, callback),
    );
    return { id: response.getId(), ...properties(response.getProperties()) };
  }

  async read(
    type: string,
    id: string,
    state: Values,
    inputs?: Values,
  ): Promise<{ id: string; state: Properties; inputs: Properties }> {
    const request = new messages.ReadRequest()
      .setUrn(urn(type))
      .setType(type)
      .setId(id)
      .setProperties(encodeProperties(state))
      .setInputs(inputs && encodeProperties(inputs));
    const response = await unaryCall<messages.ReadResponse>((callback) =>
      this.client.read(request, callback),
    );
    return {
      id: response.getId(),
      state: properties(response.getProperties()),
      inputs: properties(response.getInputs()),
    };
  }

  async update(type: string, id: string, olds: Values, news: Values, preview = false): Promise<Properties> {
    const request = new messages.UpdateRequest()
      .setUrn(urn(type))
      .setType(type)
      .setId(id)
      .setOlds(encodeProperties(olds))
      .setOldInputs(encodeProperties(olds))
      .setNews(encodeProperties(news))
      .setPreview(preview);
    return properties(
      (
        await unaryCall<messages.UpdateResponse>((callback) => this.client.update(request, callback))
      ).getProperties(),
    );
  }

  async delete(type: string, id: string, state: Values = {}): Promise<void> {
    const request = new messages.DeleteRequest()
      .setUrn(urn(type))
      .setType(type)
      .setId(id)
      .setProperties(encodeProperties(state));
    await unaryCall<Empty>((callback) => this.client.delete(request, callback));
  }

  async cancel(): Promise<void> {
    await unaryCall<Empty>((callback) => this.client.cancel(new Empty(), callback));
  }
}

/** The URN that the engine would give a resource of this type. */
export function urn(type: string): string {
  return `urn:pulumi:test::contract::${type}::subject`;
}

function properties(struct: Parameters<typeof decodeProperties>[0]): Properties {
  const { values, secretNames } = decodeProperties(struct);
  return { values, secrets: [...secretNames].sort() };
}

function failuresOf(response: messages.CheckResponse): string[] {
  return response
    .getFailuresList()
    .map((failure) => [failure.getProperty(), failure.getReason()].filter((part) => part !== "").join(": "));
}
