import type { ProviderDefinition } from "../../../../provider/definition";
import { randomBytes } from "./randomBytes";
import { randomId } from "./randomId";
import { randomPassword } from "./randomPassword";
import { randomString } from "./randomString";
import { randomUuid } from "./randomUuid";

/** Resource types of the vendor's random provider. Version: the npm SDK's. */
export const randomProvider: ProviderDefinition<undefined> = {
  name: "random",
  version: "4.21.1",
  configure: () => undefined,
  resources: {
    "random:index/randomBytes:RandomBytes": randomBytes,
    "random:index/randomId:RandomId": randomId,
    "random:index/randomPassword:RandomPassword": randomPassword,
    "random:index/randomString:RandomString": randomString,
    "random:index/randomUuid:RandomUuid": randomUuid,
  },
};
