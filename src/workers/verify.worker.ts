import { serve } from "./rpc.ts";
import type { Port } from "./rpc.ts";
import type { VerifyApi } from "./verifyApi.ts";
import { verifyHandlers } from "./verifyHandlers.ts";

// The DOM's types take every module for a page's; here `self` is the worker's own scope.
serve<VerifyApi>(self as unknown as Port, verifyHandlers);
