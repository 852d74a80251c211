import type { GroupsApi } from "./groupsApi.ts";
import { groupsHandlers } from "./groupsHandlers.ts";
import { serve } from "./rpc.ts";
import type { Port } from "./rpc.ts";

serve<GroupsApi>(self as unknown as Port, groupsHandlers);
