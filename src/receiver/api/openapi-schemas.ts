import { z } from 'zod'
import { components } from './schemas.ts'

/** A schema as OpenAPI 3.1 has it: JSON Schema 2020-12. */
export type Schema = Readonly<Record<string, unknown>>

/** Every schema of the answers, by its name. */
export function componentSchemas(): Readonly<Record<string, Schema>> {
  const { schemas } = z.toJSONSchema(components, {
    uri: (id) => `#/components/schemas/${id}`,
    override: ({ jsonSchema }) => simplify(jsonSchema),
  })
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, plain(schema)]))
}

/** One parameter as the API's description has it. */
export interface Parameter {
  readonly name: string
  readonly in: 'query'
  readonly required: false
  readonly description: string
  readonly schema: Schema
}

/** Every parameter of a query. None is required: each has a default, or narrows what is answered. */
export function queryParameters(parameters: z.ZodObject): readonly Parameter[] {
  return Object.entries(parameters.shape).map(([name, parameter]) => {
    const { description = '', ...schema } = plain(z.toJSONSchema(parameter, { io: 'input' }))
    return { name, in: 'query', required: false, description: String(description), schema }
  })
}

/** What only says once more what `format` and the type say, and what would forbid later versions to tell more. */
function simplify(schema: z.core.JSONSchema.BaseSchema): void {
  if (schema.format === 'date-time') delete schema.pattern
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum
  if (schema.additionalProperties === false) delete schema.additionalProperties
}

function plain({ $schema, $id, '~standard': _, ...schema }: Readonly<Record<string, unknown>>): Schema {
  return schema
}
