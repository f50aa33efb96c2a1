/** The published JSON Schema of a spec. */
import { z } from 'zod';
import { specSchema } from './spec.js';

/** JSON Schema (draft 2020-12) of what a spec may be written as. Bounds between two fields are checked by `parseSpec` only. */
export function specJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(specSchema, { io: 'input', target: 'draft-2020-12' });
  return {
    $schema,
    $id: 'urn:model-collapse:spec:1',
    title: 'model-collapse spec',
    description: 'A simulation of recursive training: a model trained, generation after generation, on data that earlier generations made.',
    ...schema,
  };
}
