import { z } from "zod/v4";
import { spellings, type Spelling } from "../text-values";

/** Schema of the option `boolean`: how true is written. */
export const booleanOption = () => z.enum(Object.keys(spellings) as [Spelling]).optional();
