import { stopJudges } from "./python/judge.ts";

after(stopJudges);
