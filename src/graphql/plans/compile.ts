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
import { maxErrors } from '../limits/answer-count.ts';
import { uncounted } from '../limits/count-fields.ts';
import { argumentsOf, type ArgumentsOf } from './arguments.ts';
import { type Conditions, FieldCollector } from './collect.ts';
import { answerEntities } from './entities.ts';
import { answerWith, type FieldErrors, type FieldPlace, itemIndex, type Written } from './field-errors.ts';
import { refuse } from './hand-over.ts';
import { Room } from './room.ts';
import { type AnswerRootField, answerRootField, needsNoInfo, type RootFrame } from './root-field.ts';
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
  readonly #errors: FieldErrors;
  #room: Room;
  #maxErrors = maxErrors;
  #planned = 0;

  constructor(
    schema: GraphQLSchema,
    document: DocumentNode,
    conditions: Conditions,
    bounds: PlanBounds,
    errors: FieldErrors,
  ) {
    this.#schema = schema;
    this.#collector = new FieldCollector(schema, document, conditions);
    this.#bounds = bounds;
    this.#errors = errors;
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
    // The root fields are written one after the other, and share the room and the errors.
    const { fields, keyBytes } = this.#bounds.room;
    this.#room = new Room({ fields: fields / roots.length, keyBytes: keyBytes / roots.length });
    this.#maxErrors = Math.floor(maxErrors / roots.length);
    const end = `${after}}`;
    // A single root field writes the whole answer, so that no second promise waits for its promise.
    const [only] = roots;
    if (only && roots.length === 1) {
      const { before, field, nodes } = only;
      const finish = (text: string) => answerWith(this.#errors.added, before + text + end);
      return { roots: [this.#root('', field, nodes, finish)], after: '' };
    }
    const finish = (text: string) => {
      const { added: errors } = this.#errors;
      return errors.length === 0 ? text : { text, errors };
    };
    return {
      roots: roots.map(({ before, field, nodes }) => this.#root(before, field, nodes, finish)),
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
    end: (text: string) => Written,
  ): RootPlan {
    const [node] = nodes;
    const resolve = uncounted(field);
    if (!node || !resolve) return refuse();
    const room = this.#room;
    const errors = this.#errors;
    const most = this.#maxErrors;
    const begin = () => {
      room.reset();
      errors.begin(most);
    };
    return {
      before,
      argumentsOf: argumentsOf(field, node, this.#bounds.maxItems),
      answer:
        field.name === '_entities'
          ? this.#entities(nodes, { begin, end })
          : this.#answer(field, resolve, nodes, { begin, end }),
    };
  }

  #answer(
    field: GraphQLField<unknown, unknown>,
    resolve: NonNullable<ReturnType<typeof uncounted>>,
    nodes: readonly FieldNode[],
    frame: RootFrame,
  ): AnswerRootField {
    // `_service`, and other fields that the federation may add.
    if (field.name.startsWith('_') || !needsNoInfo(resolve)) return refuse();
    return answerRootField(resolve, this.#rootWriter(field, nodes), frame);
  }

  #entities(nodes: readonly FieldNode[], frame: RootFrame): AnswerRootField {
    const place: FieldPlace = { path: [keyOf(nodes), itemIndex], nodes };
    const writerOf = (type: string) => this.#nullable(this.#object(this.#schema.getType(type), place), place);
    return answerEntities(this.#schema, writerOf, frame, this.#errors.indices);
  }

  #rootWriter({ type, args }: GraphQLField<unknown, unknown>, nodes: readonly FieldNode[]): Write {
    const place = { path: [keyOf(nodes)], nodes };
    const list = getNullableType(type);
    const isAsked = args.some((argument) => isListType(getNullableType(argument.type)));
    if (!isAsked || !isListType(list)) return this.#writer(type, place);
    const { maxItems } = this.#bounds;
    const write = this.#list(list.ofType, place, (length) => length <= maxItems);
    return isNonNullType(type) ? write : this.#nullable(write, place);
  }

  #object(type: unknown, { path, nodes }: FieldPlace): Write {
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
        const place = { path: [...path, keyOf(nodes)], nodes };
        return { before, name: field.name, resolve: ofSource, write: this.#writer(field.type, place) };
      },
    );
    return objectWriter(fields, after);
  }

  #writer(type: GraphQLOutputType, place: FieldPlace): Write {
    if (isNonNullType(type)) return this.#nonNullWriter(type.ofType, place);
    return this.#nullable(this.#nonNullWriter(type, place), place);
  }

  #nonNullWriter(type: GraphQLOutputType, place: FieldPlace): Write {
    if (!isListType(type)) return isLeafType(type) ? leafWriter(type) : this.#object(type, place);
    const weight = this.#bounds.estimate.below(place.nodes);
    const room = this.#room;
    return this.#list(type.ofType, place, (length) => room.takes(length, weight));
  }

  #list(item: GraphQLOutputType, { path, nodes }: FieldPlace, takes: (length: number) => boolean): Write {
    // Of an error in an inner list, the executor gives all locations.
    if (isListType(getNullableType(item))) return refuse();
    const depth = path.filter((key) => key === itemIndex).length;
    const writeItem = this.#writer(item, { path: [...path, itemIndex], nodes });
    return listWriter(writeItem, this.#errors.indices, depth, takes);
  }

  #nullable(write: Write, place: FieldPlace): Write {
    return nullable(write, this.#errors, place);
  }
}

const keyOf = ([node]: readonly FieldNode[]): string => (node?.alias ?? node?.name)?.value ?? '';
