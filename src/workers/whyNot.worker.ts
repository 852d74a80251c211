import { serve } from "./rpc.ts";
import type { Port } from "./rpc.ts";
import { whyNot } from "./whyNot.ts";
import type { WhyNotApi } from "./whyNotApi.ts";

serve<WhyNotApi>(self as unknown as Port, { whyNot: ({ code }) => whyNot(code) });
