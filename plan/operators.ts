import {
  EXTERNAL_SECRETS_OPERATOR,
  Operator,
  VAULT_SECRETS_OPERATOR,
} from "../components/operators/operator";
import type { ChartConfiguration } from "../config/stack";
import { Plan } from "./plan";

/** The operators that a stack's applications need, and their charts. */
export function operatorsInUse({
  configuration,
}: Pick<Plan, "configuration">): { operator: Operator; chart: ChartConfiguration }[] {
  const operators = [EXTERNAL_SECRETS_OPERATOR, ...(configuration.vault ? [VAULT_SECRETS_OPERATOR] : [])];
  return operators.map((operator) => ({ operator, chart: configuration[operator.setting] }));
}
