import { CheckFailure as EncodedFailure } from "@pulumi/pulumi/proto/provider_pb";

import type { CheckFailure } from "./definition";
import { hideSecrets } from "./properties";

/**
 * Encodes what is wrong with inputs. The engine shows the value of a property that a failure names, also when it is
 * secret: so a failure of such a property names it in its text only.
 *
 * @param isSecret whether a property's value must not be shown
 * @param secretStrings strings that no text may repeat
 */
export function encodeFailures(
  failures: readonly CheckFailure[],
  isSecret: (property: string) => boolean,
  secretStrings: Iterable<string>,
): EncodedFailure[] {
  const secrets = [...secretStrings];
  return failures.map(({ property, reason }) => {
    const shown = hideSecrets(reason, secrets);
    return property !== "" && isSecret(property)
      ? new EncodedFailure().setReason(`${property}: ${shown}`)
      : new EncodedFailure().setProperty(property).setReason(shown);
  });
}
