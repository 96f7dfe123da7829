import { serveProvider } from "../../../../provider/server";
import { vaultProvider } from "./definition";

void serveProvider(vaultProvider);
