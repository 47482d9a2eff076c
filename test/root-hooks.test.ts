import { stopJudges } from "./python/judge.ts";
import { stopSharedServers } from "./services/sql-server.ts";

after(stopJudges);
after(stopSharedServers);
