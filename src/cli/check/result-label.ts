import { parser } from '@prometheus-io/lezer-promql'

/** Whether the series that an expression gives have a label: surely, perhaps (the expression does not say), or surely not. */
export type LabelPresence = 'present' | 'possible' | 'absent'

type Tree = ReturnType<typeof parser.parse>
type Node = Tree['topNode']

/** What is asked about, for each step down the tree. */
interface Question {
  readonly label: string
  readonly textOf: (node: Node) => string
}

/**
 * Whether the result of an expression in PromQL has the label. An expression that cannot be parsed is `possible`.
 * Source of the rule: https://prometheus.io/docs/prometheus/latest/querying/operators/
 */
export function labelOfResult(expr: string, label: string): LabelPresence {
  const textOf = ({ from, to }: Node) => expr.slice(from, to)
  const tree = parser.parse(expr)
  return isBroken(tree) ? 'possible' : presenceIn(tree.topNode, { label, textOf })
}

function isBroken(tree: Tree): boolean {
  const cursor = tree.cursor()
  do if (cursor.type.isError) return true
  while (cursor.next())
  return false
}

function presenceIn(node: Node, question: Question): LabelPresence {
  switch (node.name) {
    case 'VectorSelector':
      return names(node.getChild('LabelMatchers'), question) ? 'present' : 'possible'
    case 'AggregateExpr':
      return presenceInAggregation(node, question)
    case 'BinaryExpr':
      return presenceInBinary(node, question)
    case 'FunctionCall':
      return presenceInCall(node, question)
    default:
      return mostOf(childrenOf(node), question)
  }
}

const choosing: ReadonlySet<string | undefined> = new Set(['Topk', 'Bottomk', 'LimitK', 'LimitRatio'])

function presenceInAggregation(node: Node, question: Question): LabelPresence {
  const operator = node.getChild('AggregateOp')?.firstChild?.name
  const body = childrenOf(node.getChild('FunctionCallBody'))
  const before = mostOf(body, question)
  if (choosing.has(operator)) return before
  if (operator === 'CountValues' && isNamedBy(body[0], question)) return 'present'
  const modifier = node.getChild('AggregateModifier')
  const isNamed = names(modifier, question)
  if (modifier?.getChild('Without')) return isNamed ? 'absent' : before
  return isNamed && before !== 'absent' ? 'present' : 'absent'
}

function presenceInBinary(node: Node, question: Question): LabelPresence {
  const operands = childrenOf(node)
  const [left, right] = [operands.slice(0, 1), operands.slice(-1)].map((side) => mostOf(side, question))
  const both = mostOf(operands, question)
  const clause = node.getChild('MatchingModifierClause')
  const lists = (keyword: string) => names(clause?.getChild(keyword)?.nextSibling, question)
  if (both !== 'absent' && ['On', 'GroupLeft', 'GroupRight'].some(lists)) return 'present'
  if (node.getChild('Or')) return both
  if (node.getChild('And') || node.getChild('Unless') || clause?.getChild('GroupLeft')) return left ?? both
  if (clause?.getChild('GroupRight')) return right ?? both
  return clause?.getChild('On') || lists('Ignoring') ? 'absent' : both
}

function presenceInCall(node: Node, question: Question): LabelPresence {
  const called = node.getChild('FunctionIdentifier')?.firstChild?.name
  const body = childrenOf(node.getChild('FunctionCallBody'))
  switch (called) {
    case 'LabelReplace':
    case 'LabelJoin':
      return isNamedBy(body[1], question) ? 'present' : mostOf(body.slice(0, 1), question)
    case 'Absent':
    case 'AbsentOverTime':
      return mostOf(body, question) === 'present' ? 'present' : 'absent'
    case 'Scalar':
      return 'absent'
    default:
      return mostOf(body, question)
  }
}

/** Numbers, texts and times have no labels. */
function mostOf(nodes: readonly Node[], question: Question): LabelPresence {
  const presences = nodes.map((node) => presenceIn(node, question))
  return presences.find((one) => one === 'present') ?? presences.find((one) => one === 'possible') ?? 'absent'
}

function childrenOf(node: Node | null | undefined): readonly Node[] {
  const children: Node[] = []
  for (let child = node?.firstChild; child; child = child.nextSibling) {
    if (child.name !== 'LineComment') children.push(child)
  }
  return children
}

/** Whether the label stands in a list of labels or of matchers. */
function names(node: Node | null | undefined, question: Question): boolean {
  return childrenOf(node).some((child) =>
    child.name === 'LabelName' || child.name === 'QuotedLabelName'
      ? isNamedBy(child, question)
      : child.name !== 'FunctionCallBody' && names(child, question),
  )
}

function isNamedBy(node: Node | undefined, { label, textOf }: Question): boolean {
  return node !== undefined && textOf(node).replace(/^(["'`])(.*)\1$/s, '$2') === label
}
