import { badRequest, projectNotFound } from "../errors";
import { Project, projectSlug } from "./project";

const MAXIMUM_NAME_LENGTH = 64;

/** Everything that the emulator holds: the projects of one Doppler workplace. In memory only. */
export class Workplace {
  readonly #projects: Project[] = [];

  /**
   * @param name shown by `doppler me`.
   * @param slug the workplace's identifier.
   */
  constructor(
    readonly name: string,
    readonly slug: string,
  ) {}

  get projects(): readonly Project[] {
    return this.#projects;
  }

  /** A project by its name or its slug: Doppler takes both. */
  findProject(nameOrSlug: string): Project | undefined {
    return (
      this.#projects.find((project) => project.name === nameOrSlug) ??
      this.#projects.find((project) => project.slug === nameOrSlug)
    );
  }

  /** The project, or Doppler's 404. */
  project(nameOrSlug: string): Project {
    const project = this.findProject(nameOrSlug);
    if (project === undefined) {
      throw projectNotFound();
    }
    return project;
  }

  addProject(name: string, description: string, now: Date): Project {
    this.#requireGoodName(name);
    const project = new Project(name, description, now);
    this.#projects.push(project);
    return project;
  }

  renameProject(project: Project, name: string): void {
    this.#requireGoodName(name, project);
    project.name = name;
  }

  removeProject(project: Project): void {
    this.#projects.splice(this.#projects.indexOf(project), 1);
  }

  #requireGoodName(name: string, self?: Project): void {
    const slug = projectSlug(name);
    if (slug === "" || name.length > MAXIMUM_NAME_LENGTH) {
      throw badRequest(
        `Project name is invalid: use letters, digits, dashes and underscores, at most ${MAXIMUM_NAME_LENGTH} characters`,
      );
    }
    if (this.#projects.some((other) => other !== self && other.slug === slug)) {
      throw badRequest("Project name already exists in this workplace.");
    }
  }
}
