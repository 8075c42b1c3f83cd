/** @file Settings of strategies and evaluations as users see them: name, what is allowed, default, meaning. */
import { z } from 'zod';
import type { Json } from '../json.js';
import { table } from './table.js';

export interface SettingDescription {
  readonly name: string;
  /** Such as `number from 0 to 1` or `one of cosine, constant`. */
  readonly allowed: string;
  readonly default: Json;
  readonly description: string;
}

/** The parts of a JSON schema that settings use. */
interface SchemaNode {
  readonly type?: string | readonly string[];
  readonly enum?: readonly Json[];
  readonly const?: Json;
  readonly anyOf?: readonly SchemaNode[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly default?: Json;
  readonly description?: string;
  readonly items?: SchemaNode;
  readonly properties?: { readonly [name: string]: SchemaNode };
}

const node: z.ZodType<SchemaNode> = z.lazy(() =>
  z
    .object({
      type: z.union([z.string(), z.array(z.string())]),
      enum: z.array(z.json()),
      const: z.json(),
      anyOf: z.array(node),
      minimum: z.number(),
      maximum: z.number(),
      exclusiveMinimum: z.number(),
      exclusiveMaximum: z.number(),
      default: z.json(),
      description: z.string(),
      items: node,
      properties: z.record(z.string(), node),
    })
    .partial(),
) as z.ZodType<SchemaNode>;

/** The settings that a schema describes, in its order; those inside others have names such as `augmentation.shift`. */
export function describeSettings(schema: z.ZodObject): SettingDescription[] {
  return rowsOf(node.parse(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })), '');
}

function rowsOf({ properties = {} }: SchemaNode, prefix: string): SettingDescription[] {
  return Object.entries(properties).flatMap(([key, property]) => {
    const name = `${prefix}${key}`;
    if (property.properties !== undefined) return rowsOf(property, `${name}.`);
    const { default: value = null, description = '' } = property;
    return [{ name, allowed: allowed(property), default: value, description }];
  });
}

/** Settings below each other, for people. */
export function settingsTable(settings: readonly SettingDescription[]): string {
  if (settings.length === 0) return 'It has no settings.';
  return table(
    ['setting', 'default', 'allowed', 'meaning'],
    settings.map((each) => [each.name, JSON.stringify(each.default), each.allowed, each.description]),
  );
}

function allowed(schema: SchemaNode): string {
  const { type } = schema;
  if (schema.enum !== undefined) return `one of ${schema.enum.map((value) => String(value)).join(', ')}`;
  if (schema.const !== undefined) return String(schema.const);
  if (schema.anyOf !== undefined) return schema.anyOf.map(allowed).join(' or ');
  if (typeof type === 'object') return type.map((each) => allowed({ ...schema, type: each })).join(' or ');
  if (type === 'array') return `list of ${schema.items === undefined ? 'values' : allowed(schema.items)}`;
  if (type === 'integer') return `whole number${limits(schema)}`;
  if (type === 'number') return `number${limits(schema)}`;
  return type === 'boolean' ? 'true or false' : (type ?? 'any value');
}

function limits({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: SchemaNode): string {
  const isLimit = (value: number | undefined): value is number =>
    value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER;
  const least = isLimit(minimum) ? ` from ${minimum}` : isLimit(exclusiveMinimum) ? ` above ${exclusiveMinimum}` : '';
  const most = isLimit(maximum) ? ` to ${maximum}` : isLimit(exclusiveMaximum) ? ` below ${exclusiveMaximum}` : '';
  return least + most;
}
