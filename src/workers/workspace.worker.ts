import { serve } from "./rpc.ts";
import type { Port } from "./rpc.ts";
import { ALIKE } from "./workspaceApi.ts";
import type { WorkspaceApi } from "./workspaceApi.ts";
import { workspaceHandlers } from "./workspaceHandlers.ts";

// The DOM's types take every module for a page's; here `self` is the worker's own scope.
serve<WorkspaceApi>(self as unknown as Port, workspaceHandlers(), ALIKE);
