/** Carries out an import: the report, the files, the upload, the check. */
import { DopplerClient } from "../clients/doppler";
import { KubernetesClient } from "../clients/kubernetes";
import { resolveApplication, ResolvedApplication } from "../config/application";
import type { Application } from "../config/application";
import { loadApplications } from "../config/loading";
import { writeApplicationFiles } from "../migrate/copiers/writing";
import { clusterMaker, compared, platformMaker } from "../migrate/imports/checking";
import { filled } from "../migrate/imports/filling";
import { ImportedEnvironment, objectsOf } from "../migrate/imports/importedObject";
import { Import, imported } from "../migrate/imports/importing";
import {
  describeImport,
  describeUploads,
  IMPORT_COLUMNS,
  importRows,
  neededVariables,
} from "../migrate/imports/reportText";
import { StoreAccess } from "../migrate/imports/stores";
import { upload, Uploaded } from "../migrate/imports/upload";
import { recordOf, textOf } from "../migrate/inventory/untyped";
import { vaultOf } from "../migrate/inventory/vaultOf";
import { ImportOptions } from "./importOptions";
import { PROJECT_FOLDER, projectEnvironments, projectValues, stackFileValues } from "./stackConfiguration";
import { formatTable } from "./table";

const DOPPLER_HOST = "https://api.doppler.com";

/**
 * @param name of the application
 * @param origin what the files are made from, for their first line
 * @returns the exit code
 */
export async function runImport(
  environments: readonly ImportedEnvironment[],
  name: string,
  origin: string,
  options: ImportOptions,
): Promise<number> {
  const { to, write, json, environment } = options;
  const found = imported(environments, {
    name,
    source: to,
    namespaces: new Map(options.namespace),
    notSecret: options.notSecret ?? [],
    environments: projectEnvironments(PROJECT_FOLDER),
    origin,
  });
  const selected = environments.filter((one) => environment === undefined || one.environment === environment);
  if (options.check) return checkImport(found, selected, options);
  if (options.upload) return uploadImport(found, selected, options);
  const isWhole = found.problems.length === 0;
  const written = write === undefined || !isWhole ? undefined : writeApplicationFiles(write, found.files);
  const table = formatTable(IMPORT_COLUMNS, importRows(found), false);
  const { files, problems, notes, others } = found;
  print(
    json
      ? { files: isWhole ? files : [], variables: neededVariables(found), problems, notes, others, written }
      : describeImport(found, table, written),
  );
  return isWhole ? 0 : 1;
}

async function uploadImport(
  found: Import,
  environments: readonly ImportedEnvironment[],
  options: ImportOptions,
): Promise<number> {
  refuseProblems(found);
  const uploads: Uploaded[] = [];
  // What settings are filled with does not matter here.
  const secrets = environments.map((one) => ({ ...one, objects: objectsOf(one, "Secret") }));
  for (const environment of filled(secrets, process.env)) {
    const { resolved, access } = placesOf(found.applications, environment.environment, options);
    uploads.push(...(await upload(environment, resolved, access, { overwrite: options.overwrite ?? false })));
  }
  print(options.json ? { uploads } : describeUploads(uploads));
  return 0;
}

async function checkImport(
  found: Import,
  environments: readonly ImportedEnvironment[],
  options: ImportOptions,
): Promise<number> {
  refuseProblems(found);
  const { context, kubeconfig, json } = options;
  const { applications: declared } = projectValues(PROJECT_FOLDER);
  const folder = options.applications ?? (typeof declared === "string" ? declared : "apps");
  const cluster = context === undefined ? undefined : await KubernetesClient.load({ context, kubeconfig });
  const root = options.applications === undefined ? PROJECT_FOLDER : process.cwd();
  const applications = cluster ? [] : loadApplications(folder, projectEnvironments(PROJECT_FOLDER), root);
  const namespaces = new Map(options.namespace);
  const differences: string[] = [];
  let objects = 0;
  for (const environment of filled(environments, process.env)) {
    const { resolved, access } = placesOf(applications, environment.environment, options);
    const make = cluster ? clusterMaker(cluster) : platformMaker(resolved, process.env, access);
    const result = await compared(environment, make, namespaces.get(environment.environment));
    differences.push(...result.differences);
    objects += result.objects;
  }
  const isSame = differences.length === 0;
  const names = environments.map(({ environment }) => environment);
  const title = isSame
    ? `the same in ${names.join(", ")}: ${objects} objects, byte for byte`
    : `not the same, ${differences.length} differences:`;
  print(
    json
      ? { same: isSame, objects, differences }
      : [title, ...differences.map((line) => `  ${line}`)].join("\n"),
  );
  return isSame ? 0 : 1;
}

function refuseProblems({ problems }: Import): void {
  if (problems.length > 0) throw new Error(["cannot be carried over:", ...problems].join("\n  "));
}

/** The applications of an environment, and how to reach what their values are in, as its stack says. */
function placesOf(
  applications: readonly Application[],
  environment: string,
  { dopplerProject, mount }: ImportOptions,
): { resolved: ResolvedApplication[]; access: StoreAccess } {
  const values = stackValues(environment);
  const doppler = recordOf(values["doppler"]);
  const project = dopplerProject ?? textOf(doppler["project"]);
  const { DOPPLER_TOKEN: token, DOPPLER_API_HOST } = process.env;
  const host = (DOPPLER_API_HOST || (textOf(doppler["host"]) ?? DOPPLER_HOST)).replace(/\/+$/, "");
  const vault = vaultOf(process.env);
  return {
    resolved: applications
      .filter((application) => application.environments.includes(environment))
      .map((application) =>
        resolveApplication(application, environment, textOf(doppler["config"]) ?? environment),
      ),
    access: {
      doppler: token && project ? { client: new DopplerClient({ host, token }), project } : undefined,
      vault: vault && {
        client: vault,
        mount: mount ?? textOf(recordOf(values["vault"])["mount"]) ?? "secret",
      },
    },
  };
}

/** A stack is usually called as its environment; without a file of that name, the options say it. */
function stackValues(environment: string): Record<string, unknown> {
  try {
    return stackFileValues(environment);
  } catch {
    return {};
  }
}

function print(content: string | object): void {
  process.stdout.write(`${typeof content === "string" ? content : JSON.stringify(content, null, 2)}\n`);
}
