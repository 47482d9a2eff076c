/** The races over every place for sessions. Files are compared and set under locks that Node alone takes: Flask's writes heed none. */
import { describeRaces } from "../contracts/races.ts";
import { backends } from "./backends.ts";

for (const backend of backends) describeRaces(backend);
