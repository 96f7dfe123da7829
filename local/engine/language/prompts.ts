import {
  RuntimeOptionPrompt,
  RuntimeOptionsResponse,
  type RuntimeOptionsRequest,
} from "@pulumi/pulumi/proto/language_pb";

import { findExecutable } from "./executable";
import { PACKAGE_MANAGERS, runtimeOptions } from "./options";

const { STRING } = RuntimeOptionPrompt.RuntimeOptionType;

/** What `pulumi new` asks for: the package manager, when the template names none. Those that are there come first. */
export function runtimeOptionsPrompts(request: RuntimeOptionsRequest): RuntimeOptionsResponse {
  const response = new RuntimeOptionsResponse();
  if (runtimeOptions(request.getInfo()).packageManager !== undefined) {
    return response;
  }
  const managers = PACKAGE_MANAGERS.map((name) => ({ name, found: findExecutable(name) !== undefined }));
  const choices = managers
    .sort((one, other) => Number(other.found) - Number(one.found))
    .map(({ name, found }) => choice(name, found ? name : `${name} [not found]`));
  return response.setPromptsList([
    new RuntimeOptionPrompt()
      .setKey("packagemanager")
      .setDescription("The package manager to use for installing dependencies")
      .setPrompttype(STRING)
      .setChoicesList(choices)
      .setDefault(choice("npm", "npm")),
  ]);
}

function choice(name: string, shown: string): RuntimeOptionPrompt.RuntimeOptionValue {
  return new RuntimeOptionPrompt.RuntimeOptionValue()
    .setPrompttype(STRING)
    .setStringvalue(name)
    .setDisplayname(shown);
}
