/** Arbitrary Glue types for the property tests. */
import fc from 'fast-check';
import type { GlueType } from '../../../../functions/detect-anomalies/drift-detector/parse-glue-type.ts';

const primitives = fc
  .constantFrom(
    ...([
      'boolean',
      'tinyint',
      'smallint',
      'int',
      'bigint',
      'float',
      'double',
      'string',
      'binary',
      'date',
      'time',
      'timestamp',
      'timestamptz',
      'timestamp_ntz',
      'uuid',
      'void',
    ] as const),
  )
  .map((kind): GlueType => ({ kind }));

const decimals = fc
  .integer({ min: 1, max: 38 })
  .chain((precision) => fc.integer({ min: 0, max: precision }).map((scale): GlueType => ({ kind: 'decimal', precision, scale })));

const texts = fc
  .tuple(fc.constantFrom('char' as const, 'varchar' as const), fc.integer({ min: 1, max: 255 }))
  .map(([kind, length]): GlueType => ({ kind, length }));

export const atoms: fc.Arbitrary<GlueType> = fc.oneof({ weight: 4, arbitrary: primitives }, { weight: 2, arbitrary: decimals }, texts);

/** Field names are distinct without regard to case; `name`s need quotes now and then. */
const fieldNames = fc.uniqueArray(fc.oneof(fc.stringMatching(/^[a-z][a-z0-9_]{0,5}$/), fc.constantFrom('a b', 'x:y', '`', 'ß')), {
  maxLength: 4,
});

export const glueTypes: fc.Arbitrary<GlueType> = fc.letrec<{ type: GlueType }>((tie) => ({
  type: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atoms,
    tie('type').map((element): GlueType => ({ kind: 'array', element })),
    fc.tuple(atoms, tie('type')).map(([key, value]): GlueType => ({ kind: 'map', key, value })),
    fieldNames
      .chain((names) => fc.tuple(fc.constant(names), fc.array(tie('type'), { minLength: names.length, maxLength: names.length })))
      .map(([names, types]): GlueType => ({ kind: 'struct', fields: types.map((type, index) => ({ name: names[index] ?? '', type })) })),
  ),
})).type;
