import { createRequire } from "node:module";
import { join } from "node:path";

/**
 * Finds one of the SDK's own programs (`@pulumi/pulumi/cmd/...`) where a program would: in its node_modules.
 *
 * @param directory folder of the program, policy pack or plugin
 * @throws Error that says how to install the SDK when it is not there
 */
export function locateSdkProgram(name: string, directory: string): string {
  try {
    return createRequire(join(directory, "package.json")).resolve(`@pulumi/pulumi/cmd/${name}`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "MODULE_NOT_FOUND") {
      throw new Error(
        `The Pulumi SDK is not installed in ${directory}: run \`npm install\` or \`pulumi install\` there`,
        { cause: error },
      );
    }
    throw error;
  }
}
