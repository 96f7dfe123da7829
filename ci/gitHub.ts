/** The few calls to GitHub's API that publishing needs. */

/** A comment of a pull request. */
export interface Comment {
  readonly id: number;
  readonly body: string;
}

/** An issue. */
export interface Issue {
  readonly number: number;
  readonly body: string;
}

interface Item {
  id: number;
  number: number;
  body: string | null;
  user: { login: string } | null;
  pull_request?: object;
}

const PAGE = 100;

/** More pages than this are not looked at: a thread of 5,000 comments. */
const MOST_PAGES = 50;

const LONGEST_MILLISECONDS = 30_000;

/** One repository. Only what `author` wrote counts: anybody may write what a marker looks like. */
export class GitHub {
  /**
   * @param api address of the API, such as https://api.github.com
   * @param repository `<owner>/<name>`
   * @param author login that the token belongs to
   */
  constructor(
    private readonly api: string,
    private readonly repository: string,
    private readonly token: string,
    private readonly author: string,
  ) {}

  /** The author's comments of a pull request. */
  async comments(pullRequest: number): Promise<Comment[]> {
    const items = await this.all(`issues/${pullRequest}/comments?`);
    return items.map(({ id, body }) => ({ id, body: body ?? "" }));
  }

  async createComment(pullRequest: number, body: string): Promise<void> {
    await this.call("POST", `issues/${pullRequest}/comments`, { body });
  }

  async editComment(id: number, body: string): Promise<void> {
    await this.call("PATCH", `issues/comments/${id}`, { body });
  }

  /** The author's open issues. */
  async openIssues(): Promise<Issue[]> {
    const items = await this.all("issues?state=open&");
    return items
      .filter((item) => item.pull_request === undefined)
      .map(({ number, body }) => ({ number, body: body ?? "" }));
  }

  /** @returns the new issue's number */
  async createIssue(title: string, body: string): Promise<number> {
    return ((await this.call("POST", "issues", { title, body })) as Item).number;
  }

  async editIssue(number: number, changes: { body?: string; state?: "closed" }): Promise<void> {
    await this.call("PATCH", `issues/${number}`, changes);
  }

  private async all(path: string): Promise<Item[]> {
    const found: Item[] = [];
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const items = (await this.call("GET", `${path}per_page=${PAGE}&page=${page}`)) as Item[];
      found.push(...items.filter(({ user }) => user?.login === this.author));
      if (items.length < PAGE) break;
    }
    return found;
  }

  private async call(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.api}/repos/${this.repository}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        accept: "application/vnd.github+json",
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(LONGEST_MILLISECONDS),
    });
    if (response.ok) return response.json();
    const { message = "" } = (await response.json().catch(() => ({}))) as { message?: string };
    const hint = response.status === 403 ? "; the job's `permissions` must let its token write there" : "";
    throw new Error(`GitHub answers ${method} ${path} with ${response.status} ${message}${hint}`);
  }
}
