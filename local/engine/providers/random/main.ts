import { serveProvider } from "../../../../provider/server";
import { randomProvider } from "./definition";

void serveProvider(randomProvider);
