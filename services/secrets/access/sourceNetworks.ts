import { BlockList, isIP } from "node:net";

/** Networks, such as `10.0.0.0/8` or `::1/128`. */
export class SourceNetworks {
  private readonly list = new BlockList();

  /** @throws Error when one is no network in that form */
  constructor(networks: readonly string[]) {
    for (const network of networks) {
      const [address = "", length = ""] = network.split("/");
      const version = isIP(address);
      if (version === 0 || !/^\d{1,3}$/.test(length) || Number(length) > (version === 4 ? 32 : 128)) {
        throw new Error(`${network} is no network`);
      }
      this.list.addSubnet(address, Number(length), version === 4 ? "ipv4" : "ipv6");
    }
  }

  /** IPv4 addresses may come in their IPv6 form. */
  includes(address: string): boolean {
    const plain = address.replace(/^::ffff:(?=\d+\.)/, "");
    const version = isIP(plain);
    return version !== 0 && this.list.check(plain, version === 4 ? "ipv4" : "ipv6");
  }
}
