import { runStack } from "./platform/program";

export = runStack;
