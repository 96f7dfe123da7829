import { createServer, IncomingMessage, Server } from "node:http";
import { AddressInfo } from "node:net";

interface Thing {
  id: number;
  number: number;
  title?: string;
  body: string;
  state: "open" | "closed";
  user: { login: string };
}

/** What GitHub says of a text that is longer than it takes. */
const TOO_LONG = 65_536;

/** Stands in for GitHub's API on loopback: keeps comments of one pull request, and issues. Who writes is the bot. */
export class GitHubStandIn {
  readonly comments: Thing[] = [];
  readonly issues: Thing[] = [];
  /** Whether the token may write. */
  mayWrite = true;

  private constructor(
    private readonly server: Server,
    private readonly token: string,
  ) {}

  static async start(token: string): Promise<GitHubStandIn> {
    const server = createServer();
    const standIn = new GitHubStandIn(server, token);
    server.on("request", (request, response) => {
      void bodyOf(request).then((body) => {
        const [status, answer] = standIn.answer(request, body);
        response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return standIn;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Adds a comment that somebody else wrote. */
  foreignComment(body: string): void {
    this.add(this.comments, { body }, "somebody");
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  private answer({ method = "", url = "", headers }: IncomingMessage, text: string): [number, unknown] {
    if (headers.authorization !== `Bearer ${this.token}`) return [401, { message: "Bad credentials" }];
    const { pathname, searchParams } = new URL(url, this.address);
    const path = pathname.replace("/repos/example/platform/", "");
    const kept = /comments/.test(path) ? this.comments : this.issues;
    if (method === "GET") {
      const page = Number(searchParams.get("page"));
      const size = Number(searchParams.get("per_page"));
      const wanted = kept.filter(({ state }) => state === (searchParams.get("state") ?? state));
      return [200, wanted.slice((page - 1) * size, page * size)];
    }
    if (!this.mayWrite) return [403, { message: "Resource not accessible by integration" }];
    const change = JSON.parse(text) as Partial<Thing>;
    if ((change.body ?? "").length > TOO_LONG) return [422, { message: "body is too long" }];
    if (method === "POST") return [201, this.add(kept, change, "github-actions[bot]")];
    const changed = kept.find(({ id }) => path.endsWith(`/${id}`));
    return changed === undefined ? [404, { message: "Not Found" }] : [200, Object.assign(changed, change)];
  }

  private add(kept: Thing[], { title, body = "" }: Partial<Thing>, login: string): Thing {
    const id = kept.length + 1;
    const thing: Thing = { id, number: id, body, state: "open", user: { login } };
    if (title !== undefined) thing.title = title;
    kept.push(thing);
    return thing;
  }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  return text;
}
