import type { FoundGroups, GroupsApi } from "../../workers/groupsApi.ts";
import { connect } from "../../workers/rpc.ts";
import type { ProgramView } from "../../workers/workspaceApi.ts";

/** Looks in a worker of its own, so that verdicts of what is typed need not wait; `stop` ends it. */
export function findGroups(
  { program, deployment }: ProgramView,
  lockstep: boolean,
  onProgress: (found: FoundGroups) => void,
): { readonly answer: Promise<FoundGroups>; readonly stop: () => void } {
  const worker = new Worker(new URL("../../workers/groups.worker.ts", import.meta.url), {
    type: "module",
    name: "groups",
  });
  const request = { program, deployment, chain: { lockstep } };
  const answer = connect<GroupsApi>(worker)
    .call("groups", request, { onProgress })
    .finally(() => worker.terminate());
  return { answer, stop: () => worker.terminate() };
}
