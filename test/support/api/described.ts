import '@hyperjump/json-schema/formats'
import { BASIC } from '@hyperjump/json-schema/experimental'
import {
  hasSchema,
  registerSchema,
  setShouldValidateFormat,
  validate,
} from '@hyperjump/json-schema/openapi-3-1'

setShouldValidateFormat(true)

type Json = Readonly<Record<string, unknown>>

/** As much of a document of OpenAPI as the tests go by. */
export interface Described {
  readonly paths: Readonly<Record<string, { readonly get: Operation }>>
  readonly security: readonly Json[]
  readonly components: { readonly schemas: Readonly<Record<string, Json>> }
}

interface Operation {
  readonly operationId: string
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly schema: Json }[]
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Content>> }>>
}

interface Content {
  readonly schema: Json
  readonly example?: unknown
}

/** What is wrong with a document of OpenAPI 3.1, as its own schema has it. */
export async function faultsOfDocument(document: unknown): Promise<readonly string[]> {
  return faults(await validate('https://spec.openapis.org/oas/3.1/schema-base', document as never, BASIC))
}

/**
 * What is wrong with an answer, as the schema of this name has it. A field that no schema names is wrong here: clients must let it
 * pass, and the description must not leave it out.
 */
export async function faultsOfAnswer(
  document: Described,
  name: string,
  body: unknown,
): Promise<readonly string[]> {
  const uri = 'https://swarm-autoscaler.test/answers'
  if (!hasSchema(uri)) {
    const $defs = Object.entries(document.components.schemas).map(([id, schema]) => [id, closed(schema)])
    registerSchema(
      { $schema: 'https://json-schema.org/draft/2020-12/schema', $defs: Object.fromEntries($defs) } as never,
      uri,
    )
  }
  return faults(await validate(`${uri}#/$defs/${name}`, body as never, BASIC))
}

/** The same schema, which forbids what it does not name. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).map(([key, value]) =>
    key === '$ref' ? [key, String(value).replace('#/components/schemas/', '#/$defs/')] : [key, closed(value)],
  )
  const isObject = 'properties' in schema && !('additionalProperties' in schema)
  return { ...Object.fromEntries(entries), ...(isObject ? { additionalProperties: false } : {}) }
}

function faults({ valid, errors }: { valid: boolean; errors?: readonly object[] }): readonly string[] {
  return valid ? [] : (errors ?? [{}]).map((error) => JSON.stringify(error))
}
