/** How a failed operation travels to the engine, and what of it the user reads. */

import * as grpc from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";

import { PartialCreation } from "./errors";
import { messageOf } from "./message";
import { encodeProperties, hideSecrets } from "./properties";

/**
 * Turns what an operation threw into a gRPC error: the message alone, without a stack and without secrets.
 *
 * @param secretNames outputs of a {@link PartialCreation} to mark as secret
 * @param secretStrings strings that must not be read by anyone
 */
export function serviceError(
  error: unknown,
  secretNames: ReadonlySet<string>,
  secretStrings: Iterable<string>,
): Partial<grpc.StatusObject> {
  const details = hideSecrets(messageOf(error), secretStrings);
  if (!(error instanceof PartialCreation)) {
    return { code: grpc.status.UNKNOWN, details };
  }
  const failure = new ErrorResourceInitFailed()
    .setId(error.id)
    .setProperties(encodeProperties(error.outputs, secretNames))
    .setReasonsList([details]);
  const detail = new Any();
  detail.pack(failure.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status().setCode(grpc.status.UNKNOWN).setMessage(details).setDetailsList([detail]);
  // gRPC for Node has no status details of its own: they travel in this reserved trailer.
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return { code: grpc.status.UNKNOWN, details, metadata };
}
