import {
  type DocumentNode,
  getNullableType,
  type FieldNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  type OperationDefinitionNode,
} from 'graphql';
import type { AnswerEstimate, Weight } from '../limits/answer-estimate.ts';
import { uncounted } from '../limits/count-fields.ts';
import { argumentsOf, type ArgumentsOf } from './arguments.ts';
import { type Conditions, FieldCollector } from './collect.ts';
import { answerEntities } from './entities.ts';
import { refuse } from './hand-over.ts';
import { Room } from './room.ts';
import { type AnswerRootField, answerRootField, needsNoInfo } from './root-field.ts';
import { leafWriter, listWriter, nullable, type Write } from './write.ts';
import { type FieldPlan, objectWriter } from './write-object.ts';

/** A root field, and the text before its value. */
export interface RootPlan {
  readonly before: string;
  readonly argumentsOf: ArgumentsOf;
  readonly answer: AnswerRootField;
}

/** A compiled operation: its root fields, and the text before, between and after their values. */
export interface CompiledOperation {
  readonly roots: readonly RootPlan[];
  readonly after: string;
}

interface Parts<Field> {
  readonly fields: readonly Field[];
  readonly after: string;
}

/** The limits of a plan's answers. */
export interface PlanBounds {
  /** Maximum items of a list argument. */
  readonly maxItems: number;
  /** The estimate of the answer for lists of that length. */
  readonly estimate: AnswerEstimate;
  /** What remains for lists in the upstream's records. */
  readonly room: Weight;
}

/** Maximum fields of a plan. Fragments that spread another fragment twice double the fields at each level. */
const maxPlanned = 2000;

/** Compiles a query for given values of its @skip and @include. Throws `handOver` if it has a part that plans do not support. */
export class Compiler {
  readonly #schema: GraphQLSchema;
  readonly #collector: FieldCollector;
  readonly #bounds: PlanBounds;
  #room: Room;
  #planned = 0;

  constructor(schema: GraphQLSchema, document: DocumentNode, conditions: Conditions, bounds: PlanBounds) {
    this.#schema = schema;
    this.#collector = new FieldCollector(schema, document, conditions);
    this.#bounds = bounds;
    this.#room = new Room(bounds.room);
  }

  compile({ selectionSet }: OperationDefinitionNode): CompiledOperation {
    const query = this.#schema.getQueryType() ?? refuse();
    const { fields: roots, after } = this.#parts(
      query,
      [selectionSet],
      '{"data":{',
      (before, field, nodes) => ({
        before,
        field,
        nodes,
      }),
    );
    // The root fields are written one after the other, and share the room.
    const { fields, keyBytes } = this.#bounds.room;
    this.#room = new Room({ fields: fields / roots.length, keyBytes: keyBytes / roots.length });
    const end = `${after}}`;
    // A single root field writes the whole answer, so that no second promise waits for its promise.
    const [only] = roots;
    if (only && roots.length === 1) {
      const frame = (text: string) => only.before + text + end;
      return { roots: [this.#root('', only.field, only.nodes, frame)], after: '' };
    }
    return {
      roots: roots.map(({ before, field, nodes }) => this.#root(before, field, nodes, (text) => text)),
      after: end,
    };
  }

  /** The fields of an object, each with the text before it. `__typename` becomes part of that text. */
  #parts<Field>(
    type: GraphQLObjectType,
    selectionSets: readonly FieldNode['selectionSet'][],
    open: string,
    planOf: (before: string, field: GraphQLField<unknown, unknown>, nodes: readonly FieldNode[]) => Field,
  ): Parts<Field> {
    if (type.isTypeOf) return refuse();
    const known = type.getFields();
    const fields: Field[] = [];
    let text = open;
    let comma = '';
    for (const [key, nodes] of this.#collector.collect(type, selectionSets)) {
      if ((this.#planned += 1) > maxPlanned) return refuse();
      const name = nodes[0]?.name.value ?? '';
      text += `${comma}"${key}":`;
      comma = ',';
      if (name === '__typename') {
        text += `"${type.name}"`;
      } else {
        fields.push(planOf(text, known[name] ?? refuse(), nodes));
        text = '';
      }
    }
    return { fields, after: `${text}}` };
  }

  #root(
    before: string,
    field: GraphQLField<unknown, unknown>,
    nodes: readonly FieldNode[],
    frame: (text: string) => string,
  ): RootPlan {
    const [node] = nodes;
    const resolve = uncounted(field);
    if (!node || !resolve) return refuse();
    return {
      before,
      argumentsOf: argumentsOf(field, node, this.#bounds.maxItems),
      answer:
        field.name === '_entities'
          ? answerEntities(
              this.#schema,
              (name) => this.#object(this.#schema.getType(name), nodes),
              this.#room,
              frame,
            )
          : this.#answer(field, resolve, nodes, frame),
    };
  }

  #answer(
    field: GraphQLField<unknown, unknown>,
    resolve: NonNullable<ReturnType<typeof uncounted>>,
    nodes: readonly FieldNode[],
    frame: (text: string) => string,
  ): AnswerRootField {
    // `_service`, and other fields that the federation may add.
    if (field.name.startsWith('_') || !needsNoInfo(resolve)) return refuse();
    const write = this.#rootWriter(field, nodes);
    const room = this.#room;
    return answerRootField(resolve, (value) => {
      room.reset();
      return frame(write(value));
    });
  }

  #rootWriter({ type, args }: GraphQLField<unknown, unknown>, nodes: readonly FieldNode[]): Write {
    const list = getNullableType(type);
    const isAsked = args.some((argument) => isListType(getNullableType(argument.type)));
    if (!isAsked || !isListType(list)) return this.#writer(type, nodes);
    const { maxItems } = this.#bounds;
    const write = listWriter(this.#writer(list.ofType, nodes), (length) => length <= maxItems);
    return isNonNullType(type) ? write : nullable(write);
  }

  #object(type: unknown, nodes: readonly FieldNode[]): Write {
    if (!isObjectType(type)) return refuse();
    const { fields, after } = this.#parts(
      type,
      nodes.map(({ selectionSet }) => selectionSet),
      '{',
      (before, field, nodes): FieldPlan => {
        const resolve = uncounted(field);
        // Below the root, a plan passes neither arguments nor a context to resolvers.
        if (field.args.length > 0 || (resolve && resolve.length > 1)) return refuse();
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- it takes its first argument alone
        const ofSource = resolve as FieldPlan['resolve'];
        return { before, name: field.name, resolve: ofSource, write: this.#writer(field.type, nodes) };
      },
    );
    return objectWriter(fields, after);
  }

  #writer(type: GraphQLOutputType, nodes: readonly FieldNode[]): Write {
    if (isNonNullType(type)) return this.#nonNullWriter(type.ofType, nodes);
    return nullable(this.#nonNullWriter(type, nodes));
  }

  #nonNullWriter(type: GraphQLOutputType, nodes: readonly FieldNode[]): Write {
    if (!isListType(type)) return isLeafType(type) ? leafWriter(type) : this.#object(type, nodes);
    const weight = this.#bounds.estimate.below(nodes);
    const room = this.#room;
    return listWriter(this.#writer(type.ofType, nodes), (length) => room.takes(length, weight));
  }
}
