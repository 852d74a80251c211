import type { LanguageApi } from "./languageApi.ts";
import { languageHandlers } from "./languageHandlers.ts";
import { serve } from "./rpc.ts";
import type { Port } from "./rpc.ts";

// The DOM's types take every module for a page's; here `self` is the worker's own scope.
serve<LanguageApi>(self as unknown as Port, languageHandlers());
