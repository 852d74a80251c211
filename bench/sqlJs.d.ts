/** What is used of sql.js, which comes without types. */
declare module "sql.js" {
  export type SqlValue = number | string | Uint8Array | null;

  export interface Statement {
    run(values?: readonly SqlValue[]): void;
    bind(values?: readonly SqlValue[]): boolean;
    step(): boolean;
    get(): SqlValue[];
    reset(): void;
    free(): boolean;
  }

  export interface Database {
    run(sql: string): Database;
    exec(
      sql: string,
    ): readonly { readonly columns: string[]; readonly values: readonly SqlValue[][] }[];
    prepare(sql: string): Statement;
    close(): void;
  }

  export default function initSqlJs(): Promise<{ readonly Database: new () => Database }>;
}
