import type * as grpc from "@grpc/grpc-js";

/** Makes a promise of a unary gRPC call: `unaryCall((callback) => client.check(request, callback))`. */
export function unaryCall<Response>(
  send: (callback: (error: grpc.ServiceError | null, response: Response) => void) => void,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    send((error, response) => {
      if (error) {
        reject(error);
      } else {
        resolve(response);
      }
    });
  });
}
