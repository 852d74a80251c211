/** elkjs ships its worker without types: as a module it exports a stand-in that runs in the importing thread. */
declare module "elkjs/lib/elk-worker.min.js" {
  const InThisThread: new () => Worker;
  export { InThisThread as Worker };
}
