import { serveProvider } from "../../../../provider/server";
import { dopplerProvider } from "./definition";

void serveProvider(dopplerProvider);
